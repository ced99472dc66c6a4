import type { AccessTokenClaims } from '../../portone/jwt-claims.js';
import { own } from '../../portone/own.js';

/** Whose tokens are accepted. PortOne's tokens have no `aud`, and any merchant can sign in to PortOne. */
export interface MerchantPin {
  readonly merchantIds: readonly string[];
  /** Undefined: every store of the merchant. */
  readonly storeId?: string;
}

/** Whether a token belongs to the pinned merchant and store. */
export function isPinned(
  claims: AccessTokenClaims,
  { merchantIds, storeId }: MerchantPin,
): boolean {
  const service = own(claims, 'merchant_service');
  const merchantId = own(service, 'merchant_id');
  return (
    typeof merchantId === 'string' &&
    merchantIds.includes(merchantId) &&
    (storeId === undefined || own(service, 'store_id') === storeId)
  );
}
