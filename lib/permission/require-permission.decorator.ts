import { checked, type PermissionExpression } from '../portone/permission.js';
import type { PermissionRequirement } from './requirement.js';
import { contradiction, writeRule } from './write-rule.js';

/** Whose token is asked. */
export interface RequirePermissionOptions {
  /** The name of the client; the default client when left out. */
  readonly client?: string;
  /** `service`: the permissions of our own token. It authenticates no caller. Default `service`. */
  readonly source?: 'service';
}

/**
 * Lets a request pass only if our PortOne token carries every one of the permissions. Brings {@link PermissionGuard} along;
 * on class and handler, and stacked, all of them count.
 *
 * @throws AuthConfigurationError at decoration when nothing is required, or beside `@SkipPermissionCheck`
 * @example `@RequirePermission('TX_READ', anyOf('TX_UPDATE', 'RECON_READ'))`
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
  const requirement: PermissionRequirement = isOptions(first)
    ? { source: 'service', ...first, expressions: checked(rest) }
    : { source: 'service', expressions: checked([first, ...rest]) };
  return writeRule((rule) => {
    if (rule === 'skip') throw contradiction();
    return Object.freeze([requirement, ...(rule ?? [])]);
  });
}

const isOptions = (
  value: RequirePermissionOptions | PermissionExpression,
): value is RequirePermissionOptions =>
  typeof value === 'object' &&
  value !== null &&
  !('allOf' in value) &&
  !('anyOf' in value);
