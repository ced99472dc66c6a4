import {
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { guardsOf } from '../../provider/nest-metadata.js';
import { isPermissionGuard, PermissionGuard } from './permission.guard.js';

/**
 * Stands on every class with a guarded handler. Nest asks the guards of the function it calls, and an instance may hold
 * another function than the one that was decorated: bound, wrapped or replaced, without a guard. For such a function this
 * guard asks {@link PermissionGuard}. It passes any other function, which brings PermissionGuard along in its written order.
 */
@Injectable()
export class ReplacedHandlerGuard implements CanActivate {
  private readonly guarded = new WeakMap<Function, boolean>();
  private guard?: CanActivate;

  constructor(private readonly moduleRef: ModuleRef) {}

  canActivate(
    context: ExecutionContext,
  ): ReturnType<CanActivate['canActivate']> {
    if (this.isGuarded(context.getHandler())) return true;
    return (this.guard ??= this.findGuard()).canActivate(context);
  }

  /** The PermissionGuard that Nest made for the decorated method, because a test may have overridden it. */
  private findGuard(): CanActivate {
    try {
      return this.moduleRef.get<CanActivate>(PermissionGuard, { strict: true });
    } catch {
      // Nest makes no guard when a library has removed the guards from the method.
      return new PermissionGuard(this.moduleRef);
    }
  }

  private isGuarded(handler: Function): boolean {
    const known = this.guarded.get(handler);
    if (known !== undefined) return known;
    const isGuarded = guardsOf(handler).some(isPermissionGuard);
    this.guarded.set(handler, isGuarded);
    return isGuarded;
  }
}
