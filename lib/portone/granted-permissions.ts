import type { AccessTokenClaims } from './jwt-claims.js';
import { own } from './own.js';

/** Claims are frozen, and asked about at every request: what they grant is worked out once. */
const known = new WeakMap<AccessTokenClaims, readonly string[]>();

/** The permissions a token grants. Anything but an own array of strings grants nothing. */
export function grantedPermissions(
  claims: AccessTokenClaims | undefined,
): readonly string[] {
  if (!claims) return [];
  let granted = known.get(claims);
  if (!granted) known.set(claims, (granted = read(claims)));
  return granted;
}

function read(claims: AccessTokenClaims): readonly string[] {
  const permissions = own(own(claims, 'merchant_service'), 'permissions');
  return Array.isArray(permissions)
    ? permissions.filter((name): name is string => typeof name === 'string')
    : [];
}
