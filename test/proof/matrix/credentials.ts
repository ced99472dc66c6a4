import type { PortOneEmulator } from '../../../lib/testing/index.js';
import { pairSeal } from '../../../lib/store/sealed-pair.js';
import type { TokenStore } from '../../../lib/store/token-store.js';

/** The secret, and the two tokens in the store if there is a record. */
export async function credentialsIn(
  store: TokenStore,
  { apiSecret, url }: PortOneEmulator,
): Promise<string[]> {
  const seal = pairSeal(apiSecret, url);
  const record = await store.load(seal.key);
  const pair = record && (await seal.open(record.sealed));
  return pair ? [apiSecret, pair.accessToken, pair.refreshToken] : [apiSecret];
}
