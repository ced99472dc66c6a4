import {
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { guardsOf } from './permission-rule.js';
import { isPermissionGuard, PermissionGuard } from './permission.guard.js';

/**
 * Stands on every class with a guarded handler. Nest asks the guards of the function it calls, and an instance may hold
 * another function than the one that was decorated: bound, wrapped or replaced, without a guard. For such a function this
 * guard asks {@link PermissionGuard}; to any other it leaves the question, so that the order of guards stays as written.
 */
@Injectable()
export class ReplacedHandlerGuard implements CanActivate {
  private readonly guarded = new WeakMap<Function, boolean>();

  constructor(private readonly moduleRef: ModuleRef) {}

  canActivate(
    context: ExecutionContext,
  ): ReturnType<CanActivate['canActivate']> {
    if (this.isGuarded(context.getHandler())) return true;
    // Nest's own instance: a test may have overridden it.
    return this.moduleRef
      .get<CanActivate>(PermissionGuard, { strict: false })
      .canActivate(context);
  }

  private isGuarded(handler: Function): boolean {
    const known = this.guarded.get(handler);
    if (known !== undefined) return known;
    const isGuarded = guardsOf(handler).some(isPermissionGuard);
    this.guarded.set(handler, isGuarded);
    return isGuarded;
  }
}
