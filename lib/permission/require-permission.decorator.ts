import {
  checked,
  type PermissionExpression,
} from '../portone/permission-expression.js';
import { own } from '../portone/own.js';
import type { PermissionSource } from './resolved-permissions.js';
import type { PermissionRequirement } from './requirement.js';
import { contradiction, misplaced, writeRule } from './write-rule.js';

/** Whose token is asked. */
export interface RequirePermissionOptions {
  /** The name of the client; the default client when left out. */
  readonly client?: string;
  /**
   * `service`: the permissions of our own token; it authenticates no caller. `caller`: those of the request's own Bearer
   * token. Default: what the client's `permissions.source` says.
   */
  readonly source?: PermissionSource;
}

/**
 * Lets a request pass only if the token carries every one of the permissions: ours, or the caller's. Brings
 * {@link PermissionGuard} along; on class and handler, and stacked, all of them count.
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
  const requirement: PermissionRequirement = Object.freeze(
    isOptions(first)
      ? { ...checkedOptions(first), expressions: checked(rest) }
      : {
          client: undefined,
          source: undefined,
          expressions: checked([first, ...rest]),
        },
  );
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
  !Object.hasOwn(value, 'allOf') &&
  !Object.hasOwn(value, 'anyOf');

/** A misspelt source must not fall back to the one that lets every caller in. */
function checkedOptions(options: RequirePermissionOptions) {
  const client = own(options, 'client');
  const source = own(options, 'source');
  const isKnown =
    Object.keys(options).every((key) => ['client', 'source'].includes(key)) &&
    (client === undefined || typeof client === 'string') &&
    (source === undefined || source === 'service' || source === 'caller');
  if (!isKnown) {
    throw misplaced(
      "its options are { client?: string, source?: 'service' | 'caller' }",
    );
  }
  return { client, source } as Pick<PermissionRequirement, 'client' | 'source'>;
}
