import type { TokenAnswer } from '../portone/token-answer.js';
import { elapsed, type Clock, type Instant } from './clock.js';

/** When a token is to be renewed, as shares of its lifetime. */
export interface RenewalTiming {
  readonly at: number;
  readonly jitter: number;
}

export type HeldTokenState = 'fresh' | 'stale' | 'expired';

const LAST_RENEWAL_MARGIN_MS = 60_000;
const MARGIN_APPLIES_ABOVE_MS = 300_000;
const MAX_EXPIRY_MARGIN_MS = 5_000;
const EXPIRY_MARGIN_SHARE = 0.05;
/** `iat` is cut to whole seconds, so a token may be up to this much older than it says. */
const IAT_PRECISION_MS = 1_000;

/** The one pair of tokens this process holds, and how long it is good for. Times are milliseconds after `sentAt`. */
export class HeldToken {
  readonly renewAfterMs: number;
  readonly usableForMs: number;
  private discarded = false;

  constructor(
    readonly answer: TokenAnswer,
    /** The secret it was obtained with: another one renews by login. */
    readonly apiSecret: string,
    /** When the request for it was sent: the earliest moment it can have been issued. */
    readonly sentAt: Instant,
    readonly lifetimeMs: number,
    timing: RenewalTiming,
    random: () => number,
  ) {
    const margin = Math.min(
      MAX_EXPIRY_MARGIN_MS,
      lifetimeMs * EXPIRY_MARGIN_SHARE,
    );
    this.usableForMs = lifetimeMs - margin;
    const planned = lifetimeMs * (timing.at + random() * timing.jitter);
    const latest =
      lifetimeMs > MARGIN_APPLIES_ABOVE_MS
        ? lifetimeMs - LAST_RENEWAL_MARGIN_MS
        : this.usableForMs;
    this.renewAfterMs = Math.min(planned, latest);
  }

  get accessToken(): string {
    return this.answer.accessToken;
  }

  state(clock: Clock): HeldTokenState {
    const age = elapsed(clock, this.sentAt);
    if (this.discarded || age >= this.usableForMs) return 'expired';
    return age >= this.renewAfterMs ? 'stale' : 'fresh';
  }

  /** Whether a refresh with this pair can still succeed, as far as its expiry goes. */
  isRefreshable(clock: Clock): boolean {
    const { exp, iat } = this.answer.refreshClaims;
    return elapsed(clock, this.sentAt) < (exp - iat) * 1000 - IAT_PRECISION_MS;
  }

  /** The access token is not to be used any more; the refresh token still is. */
  discard(): void {
    this.discarded = true;
  }
}

/**
 * The lifetime in ms: `exp - iat`, or `exp - Date` of the answer when that is shorter, less the precision of `iat`. A
 * `Date` that would leave nothing is ignored (`dateIgnored`). Undefined when the token itself leaves nothing.
 */
export function lifetimeOf(
  answer: TokenAnswer,
): { ms: number; dateIgnored: boolean } | undefined {
  const { exp, iat } = answer.claims;
  const issued = (exp - iat) * 1000 - IAT_PRECISION_MS;
  if (issued <= 0) return undefined;
  if (answer.answeredAt === undefined)
    return { ms: issued, dateIgnored: false };
  const left = exp * 1000 - answer.answeredAt - IAT_PRECISION_MS;
  return left > 0
    ? { ms: Math.min(issued, left), dateIgnored: false }
    : { ms: issued, dateIgnored: true };
}
