import type { AccessTokenClaims } from '../../portone/jwt-claims.js';
import type { Cure } from '../../store/sealed-pair.js';
import {
  elapsed,
  leastElapsed,
  type Clock,
  type Instant,
} from '../../time/clock.js';
import type { RenewalTiming } from './life-options.js';
import { expiryMarginMs } from './lifetime.js';

/** `fresh`: no renewal is due yet. `stale`: a renewal is due, and the token is still handed out. `expired`: too close to its end. */
export type HeldTokenState = 'fresh' | 'stale' | 'expired';

/** How a token was obtained; `adopted`: another instance obtained it. */
export type RenewalMethod = 'login' | 'refresh' | 'adopted';

/** A token that a renewal has brought, and its place in its chain. */
export interface ChainedToken {
  readonly accessToken: string;
  readonly claims: AccessTokenClaims;
  /** The key of the chain: one per API secret and origin. */
  readonly chain: string;
  /** Its place in the chain: a newer token has a greater number. */
  readonly generation: number;
  readonly method: RenewalMethod;
  /** Set when the token was fetched because the API had refused the token before it. */
  readonly cure?: Cure;
  /** When its lifetime begins, on this machine's clocks: never later than PortOne issued it. */
  readonly since: Instant;
  readonly lifetimeMs: number;
}

const LAST_RENEWAL_MARGIN_MS = 60_000;
const MARGIN_APPLIES_ABOVE_MS = 300_000;
/** A token fetched because of a 401 counts as untested for this time. */
const UNTESTED_MS = 10_000;

/** The access token this process holds, and how long it can be used. */
export class HeldToken {
  /** The API has refused it. Callers still get it until a renewal brings another token. */
  isSuspect = false;
  /** The app has called `invalidate()` with it. */
  isDiscarded = false;
  private readonly renewAfterMs: number;
  private readonly usableForMs: number;

  constructor(
    readonly token: ChainedToken,
    private readonly clock: Clock,
    { at, jitter }: RenewalTiming,
    random: () => number,
  ) {
    const { lifetimeMs } = token;
    this.usableForMs = lifetimeMs - expiryMarginMs(lifetimeMs);
    const planned = lifetimeMs * (at + random() * jitter);
    const latest =
      lifetimeMs > MARGIN_APPLIES_ABOVE_MS
        ? lifetimeMs - LAST_RENEWAL_MARGIN_MS
        : this.usableForMs;
    this.renewAfterMs = Math.min(planned, latest);
  }

  get accessToken(): string {
    return this.token.accessToken;
  }

  get claims(): AccessTokenClaims {
    return this.token.claims;
  }

  get method(): RenewalMethod {
    return this.token.method;
  }

  get age(): number {
    return elapsed(this.clock, this.token.since);
  }

  /** Milliseconds until it is no longer handed out. */
  get expiresInMs(): number {
    return this.isDiscarded ? 0 : Math.max(0, this.usableForMs - this.age);
  }

  /** Milliseconds until it should be renewed; negative when overdue. */
  get renewsInMs(): number {
    return this.isDiscarded ? 0 : this.renewAfterMs - this.age;
  }

  get isUsable(): boolean {
    return this.state !== 'expired';
  }

  /** Every call asks for it, so it reads the clocks once. */
  get state(): HeldTokenState {
    const { age } = this;
    if (this.isDiscarded || age >= this.usableForMs) return 'expired';
    return age >= this.renewAfterMs ? 'stale' : 'fresh';
  }

  /** Milliseconds until its computed end. */
  get endsInMs(): number {
    return Math.max(0, this.token.lifetimeMs - this.age);
  }

  /** Whether it may still be valid. Uses the clock that shows less time, because the other one may have jumped ahead. */
  get mayBeValid(): boolean {
    const { since, lifetimeMs } = this.token;
    return leastElapsed(this.clock, since) < lifetimeMs;
  }

  /** Whether it was fetched because of a 401, less than 10 s ago: the API may refuse it as well. */
  get isUntested(): boolean {
    return this.token.cure !== undefined && this.age < UNTESTED_MS;
  }
}
