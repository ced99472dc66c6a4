import { decodeAccessToken } from '../../portone/jwt-claims.js';
import type { PairSeal } from '../../store/sealed-pair.js';
import type { TokenRecord } from '../../store/token-store.js';
import { earlier, type Instant } from '../../time/clock.js';
import type { ChainedToken } from '../life/held-token.js';
import { expiryMarginMs } from '../life/lifetime.js';

/** A record as a token of ours; undefined when it cannot be read or its time is over. `answered` is when the store did. */
export async function storedToken(
  seal: PairSeal,
  { generation, sealed, expiresInMs }: TokenRecord,
  answered: Instant,
): Promise<ChainedToken | undefined> {
  const pair = await seal.open(sealed);
  if (!pair || expiresInMs <= expiryMarginMs(pair.lifetimeMs)) return undefined;
  const { accessToken, lifetimeMs } = pair;
  // Whoever can write to the store can give an old pair a long life there, but none beyond its own.
  const age = Math.max(0, lifetimeMs - expiresInMs);
  return {
    accessToken,
    claims: decodeAccessToken(accessToken),
    chain: seal.key,
    generation,
    isAdopted: true,
    since: earlier(answered, age),
    lifetimeMs,
  };
}

/** The refresh token of a record; undefined when it cannot be read or has expired. */
export async function storedRefreshToken(
  seal: PairSeal,
  { sealed, expiresInMs }: TokenRecord,
): Promise<string | undefined> {
  const pair = await seal.open(sealed);
  if (!pair) return undefined;
  const age = pair.lifetimeMs - expiresInMs;
  return age < pair.refreshLifetimeMs ? pair.refreshToken : undefined;
}
