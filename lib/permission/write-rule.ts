import { UseGuards } from '@nestjs/common';
import { AuthConfigurationError } from '../errors/index.js';
import { PermissionGuard } from './permission.guard.js';
import {
  ownRule,
  PERMISSION_RULE,
  type PermissionRule,
} from './requirement.js';

/** Where Nest keeps what `@UseGuards` was given. */
const GUARDS = '__guards__';

/** A decorator for a class or a method that combines the rule there with what is given, and brings the guard along once. */
export const writeRule =
  (
    combine: (rule: PermissionRule | undefined) => PermissionRule,
  ): ClassDecorator & MethodDecorator =>
  (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const subject = key === undefined ? target : (descriptor?.value as unknown);
    if (typeof subject !== 'function') {
      throw misplaced(
        'it can only stand on a controller class or on one of its route handlers',
      );
    }
    Reflect.defineMetadata(PERMISSION_RULE, combine(ownRule(subject)), subject);
    const guards = (Reflect.getOwnMetadata(GUARDS, subject) ?? []) as unknown[];
    if (guards.includes(PermissionGuard)) return;
    if (key === undefined) UseGuards(PermissionGuard)(target as never);
    else UseGuards(PermissionGuard)(target, key, descriptor as never);
  };

/** An {@link AuthConfigurationError} about a permission decorator. */
export const misplaced = (message: string): AuthConfigurationError =>
  new AuthConfigurationError([{ field: '@RequirePermission', message }]);

/** Both words on one level contradict each other. */
export const contradiction = (): AuthConfigurationError =>
  misplaced(
    'it stands beside @SkipPermissionCheck on the same class or handler; remove one of them',
  );
