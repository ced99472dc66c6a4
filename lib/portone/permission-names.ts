import type { AccessTokenClaims } from './jwt-claims.js';
import { own } from './own.js';

/** The permissions named in PortOne's documents. Any other string is accepted as well. */
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

/** The same names, for use at run time. PortOne's sample token has all of them. */
export const PERMISSION_NAMES: readonly PortOnePermission[] = [
  'TX_READ',
  'TX_UPDATE',
  'RECON_READ',
  'RECON_UPDATE',
  'PLATFORM_SETTLEMENT_POLICY_READ',
  'PLATFORM_SETTLEMENT_POLICY_WRITE',
  'PLATFORM_PARTNER_READ',
  'PLATFORM_PARTNER_WRITE',
  'PLATFORM_TRANSFER_READ',
  'PLATFORM_TRANSFER_WRITE',
  'PLATFORM_PARTNER_SETTLEMENT_READ',
  'PLATFORM_PARTNER_SETTLEMENT_WRITE',
  'PLATFORM_PAYOUT_READ',
  'PLATFORM_BULK_PAYOUT_READ',
  'PLATFORM_EXCEL_DOWNLOAD',
];

/** The permissions of our own token, kept by its claims, because every request needs them. */
const known = new WeakMap<AccessTokenClaims, readonly string[]>();

/** The permissions our own token grants. */
export function grantedPermissions(
  claims: AccessTokenClaims | undefined,
): readonly string[] {
  if (!claims) return [];
  let granted = known.get(claims);
  if (!granted) known.set(claims, (granted = permissionsIn(claims)));
  return granted;
}

/** The permissions that claims grant. Anything but an own array of strings grants nothing. */
export function permissionsIn(claims: AccessTokenClaims): readonly string[] {
  const permissions = own(own(claims, 'merchant_service'), 'permissions');
  return Array.isArray(permissions)
    ? permissions.filter((name): name is string => typeof name === 'string')
    : [];
}
