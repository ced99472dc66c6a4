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

/** Whether the granted permissions meet the expression. Whatever is no expression is never met. */
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

/** The permissions that stand between `granted` and the expression, in order, once; of an unmet `anyOf` all alternatives. */
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

/** Every permission the expression mentions, in order, once. */
export const permissionNames = (expression: PermissionExpression): string[] =>
  missingPermissions([], expression);

/** A frozen copy, down to the names. Throws {@link AuthConfigurationError} unless there are parts and each is an expression. */
export function checked(
  parts: readonly unknown[],
): readonly PermissionExpression[] {
  if (parts.length === 0) throw refused(NO_EXPRESSION);
  // Array.from also visits the gaps of a sparse array, which `map` would skip.
  return Object.freeze(Array.from(parts, frozenCopy));
}

function frozenCopy(part: unknown): PermissionExpression {
  if (typeof part === 'string' && part.trim() !== '') return part;
  if (saysMore(part)) throw refused(SAYS_MORE);
  const { all, parts } = read(part);
  const copies = checked(parts);
  return Object.freeze(all ? { allOf: copies } : { anyOf: copies });
}

/** A second key beside `allOf` or `anyOf` would be ignored. */
const saysMore = (part: unknown): boolean =>
  typeof part === 'object' &&
  part !== null &&
  (Object.hasOwn(part, 'allOf') || Object.hasOwn(part, 'anyOf')) &&
  Reflect.ownKeys(part).length > 1;

/** Own properties only: a polluted prototype is not an expression. */
function read(expression: unknown): {
  all: boolean;
  parts: readonly PermissionExpression[];
} {
  const all = own(expression, 'allOf');
  const parts = saysMore(expression) ? [] : (all ?? own(expression, 'anyOf'));
  return {
    all: all !== undefined,
    parts: Array.isArray(parts) ? (parts as PermissionExpression[]) : [],
  };
}

const refused = (message: string): AuthConfigurationError =>
  new AuthConfigurationError([{ field: 'permission', message }]);

const NO_EXPRESSION =
  'needs at least one permission, each a name such as TX_READ, allOf(...) or anyOf(...)';
const SAYS_MORE =
  'an object has one key, allOf or anyOf; nest what is to be combined, as in allOf(..., anyOf(...)), and write options such as source as an object of their own, before the permissions';
