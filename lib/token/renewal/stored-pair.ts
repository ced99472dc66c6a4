import {
  decodeAccessToken,
  type AccessTokenClaims,
} from '../../portone/jwt-claims.js';
import type { PairSeal, TokenPair } from '../../store/sealed-pair.js';
import type { TokenRecord } from '../../store/token-store.js';
import { earlier, type Instant } from '../../time/clock.js';
import type { ChainedToken } from '../life/held-token.js';
import { expiryMarginMs } from '../life/lifetime.js';

/** The clocks of PortOne's machines may differ by this many seconds. */
export const PORTONE_SKEW_S = 5;

/**
 * A record as a token of ours; undefined when it cannot be read or its time is over. `answered`: when the store answered.
 */
export async function storedToken(
  seal: PairSeal,
  record: TokenRecord,
  answered: Instant,
): Promise<ChainedToken | undefined> {
  const opened = await openRecord(seal, record);
  if (!opened) return undefined;
  const { pair, ageMs } = opened;
  const { accessToken, lifetimeMs } = pair;
  if (ageMs >= lifetimeMs - expiryMarginMs(lifetimeMs)) return undefined;
  const claims = claimsOf(accessToken);
  if (!claims) return undefined;
  return {
    accessToken,
    claims,
    chain: seal.key,
    generation: record.generation,
    method: 'adopted',
    ...(pair.cure && { cure: pair.cure }),
    since: earlier(answered, ageMs),
    lifetimeMs,
  };
}

function claimsOf(accessToken: string): AccessTokenClaims | undefined {
  try {
    return decodeAccessToken(accessToken);
  } catch {
    return undefined;
  }
}

/** The refresh token of a record; undefined when it cannot be read or has expired. */
export async function storedRefreshToken(
  seal: PairSeal,
  record: TokenRecord,
): Promise<string | undefined> {
  const opened = await openRecord(seal, record);
  if (!opened) return undefined;
  const { pair, ageMs } = opened;
  return ageMs < pair.refreshLifetimeMs ? pair.refreshToken : undefined;
}

/**
 * Whether an adopted token may follow the held one. An earlier record may have been put back into the store: the held token
 * once more, or one that PortOne issued before it, is no news.
 */
export const isNews = (
  token: ChainedToken,
  held: ChainedToken | undefined,
): boolean =>
  held?.chain !== token.chain ||
  (held.accessToken !== token.accessToken &&
    held.claims.iat - token.claims.iat <= PORTONE_SKEW_S);

/**
 * A pair with its age, if it still stands where it was written. A record's TTL can be changed with write access to the
 * store. So the age is at least the time since the sealed birth, by the store's own clock.
 */
async function openRecord(
  seal: PairSeal,
  { sealed, generation, expiresInMs, storeTimeMs }: TokenRecord,
): Promise<{ pair: TokenPair; ageMs: number } | undefined> {
  const pair = await seal.open(sealed);
  if (!pair) return undefined;
  const { written, lifetimeMs } = pair;
  if (written && written.generation !== generation) return undefined;
  const sinceBirth =
    written && storeTimeMs !== undefined ? storeTimeMs - written.bornAtMs : 0;
  return { pair, ageMs: Math.max(0, lifetimeMs - expiresInMs, sinceBirth) };
}
