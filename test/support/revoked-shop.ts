import type { AuthModuleOptions } from '../../lib/index.js';
import type { RecordedCall } from '../../lib/testing/index.js';
import { openShop, type Shop } from './shop.js';

/** A shop whose token has just been revoked. */
export async function openRevokedShop(
  options?: Partial<AuthModuleOptions>,
): Promise<Shop> {
  const shop = await openShop({ options });
  shop.portone.revokeAccessTokens();
  shop.portone.resetCalls();
  return shop;
}

/** The requests that the API got, without token calls. */
export const apiCallsOf = ({ portone }: Shop): RecordedCall[] =>
  portone.calls.requests.filter(({ endpoint }) => endpoint === 'api');
