import { UseGuards } from '@nestjs/common';
import { AuthConfigurationError } from '../errors/index.js';
import { own } from '../portone/own.js';
import {
  checked,
  type PermissionExpression,
} from '../portone/permission-expression.js';
import {
  writeNamedRule,
  writeRule,
  type PermissionRequirement,
  type PermissionRule,
} from './rule/permission-rule.js';
import { guardsOf } from '../provider/nest-metadata.js';
import { PermissionGuard } from './guard/permission.guard.js';
import { ReplacedHandlerGuard } from './guard/replaced-handler.guard.js';
import type { PermissionSource } from './resolved-permissions.js';

/** Which client's options apply, and which token is checked. */
export interface RequirePermissionOptions {
  /** The name of the client; the default client when left out. */
  readonly client?: string;
  /**
   * `service` checks the permissions of our own token; it does not authenticate the caller. `caller` checks those of the
   * Bearer token in the request. Default: the client's option `permissions.source`.
   */
  readonly source?: PermissionSource;
}

/**
 * Allows a request only if the token has all of these permissions: our own token or the caller's. Adds
 * {@link PermissionGuard} by itself, so no `@UseGuards` is needed. On the class and on the handler, or several times on one
 * of them, all of the decorators count.
 *
 * @throws AuthConfigurationError while the class is defined: when no permission is given, when the options are not the first
 *   argument, or beside `@SkipPermissionCheck`
 * @example `@RequirePermission('TX_READ', anyOf('TX_UPDATE', 'RECON_READ'))`
 * @example `@RequirePermission({ source: 'caller' }, 'TX_READ')`
 */
export function RequirePermission(
  ...permissions: [PermissionExpression, ...PermissionExpression[]]
): ClassDecorator & MethodDecorator;
export function RequirePermission(
  options: RequirePermissionOptions,
  ...permissions: [PermissionExpression, ...PermissionExpression[]]
): ClassDecorator & MethodDecorator;
export function RequirePermission(
  first: RequirePermissionOptions | PermissionExpression,
  ...rest: PermissionExpression[]
): ClassDecorator & MethodDecorator {
  if (rest.some(looksLikeOptions)) throw misplaced(OPTIONS_FIRST);
  const requirement: PermissionRequirement = Object.freeze(
    isOptions(first)
      ? { ...checkedOptions(first), expressions: checked(rest) }
      : {
          client: undefined,
          source: undefined,
          expressions: checked([first, ...rest]),
        },
  );
  return decorate((rule) => {
    if (rule === 'skip') throw contradiction();
    return Object.freeze([requirement, ...(rule ?? [])]);
  });
}

/**
 * On a handler: what its class requires is not checked. On a class: what its base class requires is not checked. The
 * decorator nearest to the handler wins.
 *
 * @throws AuthConfigurationError while the class is defined, beside `@RequirePermission`
 */
export const SkipPermissionCheck = (): ClassDecorator & MethodDecorator =>
  decorate((rule) => {
    if (Array.isArray(rule)) throw contradiction();
    return 'skip';
  });

/** A decorator for a class or a method. It adds to the rule that is written there, and adds each guard once. */
const decorate =
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
    if (typeof key === 'symbol') {
      throw misplaced(
        'it stands on a method that is named by a symbol, and Nest calls no such method: give the method a name',
      );
    }
    writeRule(combine, subject);
    if (key !== undefined) {
      writeNamedRule(combine, target, key);
      addGuard(ReplacedHandlerGuard, target.constructor);
    }
    addGuard(PermissionGuard, subject);
  };

/** `UseGuards` also works on a function: Nest keeps its guards under the same metadata key as those of a class. */
function addGuard(guard: Function, target: Function): void {
  if (!guardsOf(target).includes(guard)) UseGuards(guard)(target as never);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null;

const isOptions = (
  value: RequirePermissionOptions | PermissionExpression,
): value is RequirePermissionOptions =>
  isObject(value) &&
  !Object.hasOwn(value, 'allOf') &&
  !Object.hasOwn(value, 'anyOf');

const looksLikeOptions = (value: unknown): boolean =>
  isObject(value) &&
  (Object.hasOwn(value, 'client') || Object.hasOwn(value, 'source'));

/** A misspelt source must not fall back to `service`, which does not check the caller. */
function checkedOptions(options: RequirePermissionOptions) {
  const client = own(options, 'client');
  const source = own(options, 'source');
  const isKnown =
    Object.keys(options).every((key) => ['client', 'source'].includes(key)) &&
    (client === undefined || typeof client === 'string') &&
    (source === undefined || source === 'service' || source === 'caller');
  if (!isKnown) {
    throw misplaced(
      "its options are { client?: string, source?: 'service' | 'caller' }; a permission is a name such as 'TX_READ', allOf(...) or anyOf(...)",
    );
  }
  return { client, source } as Pick<PermissionRequirement, 'client' | 'source'>;
}

const misplaced = (message: string): AuthConfigurationError =>
  new AuthConfigurationError([{ field: '@RequirePermission', message }]);

const contradiction = (): AuthConfigurationError =>
  misplaced(
    'it stands beside @SkipPermissionCheck on the same class or handler; remove one of them',
  );

const OPTIONS_FIRST =
  "its options come first, before the permissions: @RequirePermission({ client: 'b', source: 'caller' }, 'TX_READ')";
