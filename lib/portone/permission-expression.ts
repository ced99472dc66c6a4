import { AuthConfigurationError } from '../errors/index.js';
import { own } from './own.js';
import type { PortOnePermission } from './permission-names.js';

/** A permission, or several of which all or any are needed. */
export type PermissionExpression =
  | PortOnePermission
  | {
      /** Every part is needed. */
      readonly allOf: readonly PermissionExpression[];
      /** Not beside `allOf`. */
      readonly anyOf?: never;
    }
  | {
      /** One part is enough. */
      readonly anyOf: readonly PermissionExpression[];
      /** Not beside `anyOf`. */
      readonly allOf?: never;
    };

/** Every part is needed. Throws {@link AuthConfigurationError} when a part is empty or there is none. */
export const allOf = (...parts: PermissionExpression[]): PermissionExpression =>
  Object.freeze({ allOf: checked(parts) });

/** One part is enough. Throws {@link AuthConfigurationError} when a part is empty or there is none. */
export const anyOf = (...parts: PermissionExpression[]): PermissionExpression =>
  Object.freeze({ anyOf: checked(parts) });

/** Whether the granted permissions meet the expression. A malformed expression is never met. */
export const isGranted = (
  granted: readonly string[],
  expression: PermissionExpression,
): boolean => {
  if (typeof expression === 'string') return granted.includes(expression);
  const { all, parts } = read(expression);
  if (parts.length === 0) return false;
  return all
    ? parts.every((part) => isGranted(granted, part))
    : parts.some((part) => isGranted(granted, part));
};

/** The permissions that are missing for the expression, in order, each once. For an unmet `anyOf`, all of its permissions. */
export function missingPermissions(
  granted: readonly string[],
  expression: PermissionExpression,
): string[] {
  if (isGranted(granted, expression)) return [];
  if (typeof expression === 'string') return [expression];
  const missing = read(expression).parts.flatMap((part) =>
    missingPermissions(granted, part),
  );
  return [...new Set(missing)];
}

/** Every permission in the expression, in order, each once. */
export const permissionNames = (expression: PermissionExpression): string[] =>
  missingPermissions([], expression);

/** A deeply frozen copy. Throws {@link AuthConfigurationError} when there is no part, or a part is not an expression. */
export function checked(
  parts: readonly unknown[],
): readonly PermissionExpression[] {
  if (parts.length === 0) throw invalid(NO_EXPRESSION);
  // Array.from also visits the gaps of a sparse array, which `map` would skip.
  return Object.freeze(Array.from(parts, frozenCopy));
}

function frozenCopy(part: unknown): PermissionExpression {
  if (typeof part === 'string' && part.trim() !== '') {
    if (/[\s,]/.test(part)) throw invalid(ONE_NAME);
    return part;
  }
  if (hasMoreKeys(part)) throw invalid(MORE_KEYS);
  const { all, parts } = read(part);
  const copies = checked(parts);
  return Object.freeze(all ? { allOf: copies } : { anyOf: copies });
}

/** A second key beside `allOf` or `anyOf` would be ignored. */
const hasMoreKeys = (part: unknown): boolean =>
  typeof part === 'object' &&
  part !== null &&
  (Object.hasOwn(part, 'allOf') || Object.hasOwn(part, 'anyOf')) &&
  Reflect.ownKeys(part).length > 1;

/** Reads own properties only, so that a polluted prototype cannot become an expression. */
function read(expression: unknown): {
  all: boolean;
  parts: readonly PermissionExpression[];
} {
  const all = own(expression, 'allOf');
  const parts = hasMoreKeys(expression)
    ? []
    : (all ?? own(expression, 'anyOf'));
  return {
    all: all !== undefined,
    parts: Array.isArray(parts) ? (parts as PermissionExpression[]) : [],
  };
}

const invalid = (message: string): AuthConfigurationError =>
  new AuthConfigurationError([{ field: 'permission', message }]);

const NO_EXPRESSION =
  'needs at least one permission, each a name such as TX_READ, allOf(...) or anyOf(...)';
const MORE_KEYS =
  'an object has one key, allOf or anyOf; to combine both, nest them, as in allOf(..., anyOf(...)); options such as source go into an object before the permissions';
const ONE_NAME =
  "a name contains a blank or a comma; give each permission as an argument of its own, as in ('TX_READ', 'TX_UPDATE')";
