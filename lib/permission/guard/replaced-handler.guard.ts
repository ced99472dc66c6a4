import {
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { guardsOf } from '../../provider/nest-metadata.js';
import { isPermissionGuard, PermissionGuard } from './permission.guard.js';

/**
 * This guard is on every class with a guarded handler. Nest runs the guards of the function that it calls. An instance may hold a
 * bound, wrapped or replaced function under the method's name, and that function has no guards. For such a function this guard
 * calls {@link PermissionGuard}. It allows any other function, because there PermissionGuard runs among the method's guards.
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

  /** The PermissionGuard that Nest made for the decorated method: a test may have overridden it. */
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
