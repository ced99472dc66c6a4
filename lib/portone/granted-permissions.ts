import type { AccessTokenClaims } from './jwt-claims.js';
import { own } from './own.js';

/** The permissions a token grants. Anything but an own array of strings grants nothing. */
export function grantedPermissions(
  claims: AccessTokenClaims | undefined,
): readonly string[] {
  const permissions = own(own(claims, 'merchant_service'), 'permissions');
  return Array.isArray(permissions)
    ? permissions.filter((name): name is string => typeof name === 'string')
    : [];
}
