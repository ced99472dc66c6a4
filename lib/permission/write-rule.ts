import { UseGuards } from '@nestjs/common';
import { AuthConfigurationError } from '../errors/index.js';
import { guardsOf } from './guards-of.js';
import { PermissionGuard } from './permission.guard.js';
import {
  ownRule,
  PERMISSION_RULE,
  type PermissionRule,
} from './requirement.js';
import { markRequired } from './required-mark.js';

/** A decorator for a class or a method that combines the rule there with what is given, and brings the guard along once. */
export const writeRule =
  (
    combine: (rule: PermissionRule | undefined) => PermissionRule,
  ): ClassDecorator & MethodDecorator =>
  (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const isStatic = key !== undefined && typeof target === 'function';
    const subject = key === undefined ? target : (descriptor?.value as unknown);
    if (typeof subject !== 'function' || isStatic) {
      throw misplaced(
        'it can only stand on a controller class or on one of its route handlers',
      );
    }
    const rule = combine(ownRule(subject));
    Reflect.defineMetadata(PERMISSION_RULE, rule, subject);
    if (key !== undefined && rule !== 'skip') markRequired(target, key);
    if (guardsOf(subject).includes(PermissionGuard)) return;
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
