import {
  decodeAccessToken,
  type AccessTokenClaims,
} from '../../portone/jwt-claims.js';
import type { PairSeal, TokenPair } from '../../store/sealed-pair.js';
import type { TokenRecord } from '../../store/token-store.js';
import { earlier, type Instant } from '../../time/clock.js';
import type { ChainedToken } from '../life/held-token.js';
import { expiryMarginMs } from '../life/lifetime.js';

/** The clocks of PortOne's servers may differ by this many seconds. */
export const PORTONE_SKEW_S = 5;

/**
 * The access token of a record; undefined when the record cannot be decrypted or its token has expired. `answeredAt`: when the
 * store answered.
 */
export async function storedToken(
  seal: PairSeal,
  record: TokenRecord,
  answeredAt: Instant,
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
    since: earlier(answeredAt, ageMs),
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

/** The refresh token of a record; undefined when the record cannot be decrypted or the refresh token has expired. */
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
 * Whether an adopted token may replace the held one: not the same token, and not one that PortOne issued earlier. Such a
 * token comes from an old record that was put back into the store.
 */
export const mayReplace = (
  token: ChainedToken,
  held: ChainedToken | undefined,
): boolean =>
  held?.chain !== token.chain ||
  (held.accessToken !== token.accessToken &&
    held.claims.iat - token.claims.iat <= PORTONE_SKEW_S);

/**
 * The pair of a record, with its age. Undefined when the record cannot be decrypted, or was moved to another generation. With
 * write access to the store a record's TTL can be changed, so the age is also measured from the encrypted birth time, by the
 * store's own clock.
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
