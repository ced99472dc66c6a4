import type { TokenAnswer } from '../../portone/token-answer.js';

/** `iat` is cut to whole seconds, so a token may be older than its `iat` shows, by up to this much. */
const IAT_PRECISION_MS = 1_000;

/**
 * The lifetime in ms: `exp - iat`, or `exp` minus the `Date` of the answer when that is shorter; the precision of `iat` is
 * subtracted. If the `Date` would give 0 or less, it is ignored (`isDateIgnored`). Undefined when `exp - iat` gives 0 or less.
 */
export function lifetimeOf({
  claims: { exp, iat },
  answeredAt,
}: Pick<TokenAnswer, 'claims' | 'answeredAt'>):
  { readonly ms: number; readonly isDateIgnored: boolean } | undefined {
  const issued = (exp - iat) * 1000 - IAT_PRECISION_MS;
  if (issued <= 0) return undefined;
  if (answeredAt === undefined) return { ms: issued, isDateIgnored: false };
  const left = exp * 1000 - answeredAt - IAT_PRECISION_MS;
  return left > 0
    ? { ms: Math.min(issued, left), isDateIgnored: false }
    : { ms: issued, isDateIgnored: true };
}

/** How long a refresh token may be used, in ms from the request for it. */
export const refreshLifetimeOf = ({
  refreshClaims: { exp, iat },
}: Pick<TokenAnswer, 'refreshClaims'>): number =>
  (exp - iat) * 1000 - IAT_PRECISION_MS;

const MAX_EXPIRY_MARGIN_MS = 5_000;
const EXPIRY_MARGIN_SHARE = 0.05;

/** A token is not handed out this close to its end, because it must still be valid when the request arrives. */
export const expiryMarginMs = (lifetimeMs: number): number =>
  Math.min(MAX_EXPIRY_MARGIN_MS, lifetimeMs * EXPIRY_MARGIN_SHARE);
