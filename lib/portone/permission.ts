import { AuthConfigurationError } from '../errors/index.js';

/** The permissions PortOne's documents show; any other name is accepted as well. */
export type PortOnePermission =
  | 'TX_READ'
  | 'TX_UPDATE'
  | 'RECON_READ'
  | 'RECON_UPDATE'
  | 'PLATFORM_SETTLEMENT_POLICY_READ'
  | 'PLATFORM_SETTLEMENT_POLICY_WRITE'
  | 'PLATFORM_PARTNER_READ'
  | 'PLATFORM_PARTNER_WRITE'
  | 'PLATFORM_TRANSFER_READ'
  | 'PLATFORM_TRANSFER_WRITE'
  | 'PLATFORM_PARTNER_SETTLEMENT_READ'
  | 'PLATFORM_PARTNER_SETTLEMENT_WRITE'
  | 'PLATFORM_PAYOUT_READ'
  | 'PLATFORM_BULK_PAYOUT_READ'
  | 'PLATFORM_EXCEL_DOWNLOAD'
  | (string & {});

/** A permission, or several of which all or any are needed. */
export type PermissionExpression =
  | PortOnePermission
  | { readonly allOf: readonly PermissionExpression[] }
  | { readonly anyOf: readonly PermissionExpression[] };

/** Every part is needed. Throws {@link AuthConfigurationError} when a part is empty or there is none. */
export const allOf = (
  ...parts: PermissionExpression[]
): PermissionExpression => ({ allOf: checked(parts) });

/** One part is enough. Throws {@link AuthConfigurationError} when a part is empty or there is none. */
export const anyOf = (
  ...parts: PermissionExpression[]
): PermissionExpression => ({ anyOf: checked(parts) });

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

/** Throws {@link AuthConfigurationError} unless there are parts and each is an expression. */
export function checked(
  parts: readonly PermissionExpression[],
): readonly PermissionExpression[] {
  if (parts.length === 0 || !parts.every(isExpression)) {
    throw new AuthConfigurationError([
      {
        field: 'permission',
        message:
          'needs at least one permission, each a name such as TX_READ, allOf(...) or anyOf(...)',
      },
    ]);
  }
  return Object.freeze([...parts]);
}

function isExpression(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  if (typeof value !== 'object' || value === null) return false;
  const { parts } = read(value as Exclude<PermissionExpression, string>);
  return parts.length > 0 && parts.every(isExpression);
}

/** Own properties only: a polluted prototype is not an expression. */
function read(expression: object): {
  all: boolean;
  parts: readonly PermissionExpression[];
} {
  const all = Object.hasOwn(expression, 'allOf');
  const own = Object.hasOwn(expression, all ? 'allOf' : 'anyOf');
  const parts: unknown =
    own && (expression as Record<string, unknown>)[all ? 'allOf' : 'anyOf'];
  return {
    all,
    parts: Array.isArray(parts) ? (parts as PermissionExpression[]) : [],
  };
}
