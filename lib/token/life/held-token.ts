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

/** How far the life of a token has come: before its renewal is due, after that, or too close to its end to be used. */
export type HeldTokenState = 'fresh' | 'stale' | 'expired';

/** How a token was obtained; `adopted`: another instance obtained it. */
export type RenewalMethod = 'login' | 'refresh' | 'adopted';

/** A token as it came out of a renewal, and where it stands in its chain. */
export interface ChainedToken {
  readonly accessToken: string;
  readonly claims: AccessTokenClaims;
  /** The key of the chain: one per API secret and origin. */
  readonly chain: string;
  /** Its place in the chain; the greater one is newer. */
  readonly generation: number;
  readonly method: RenewalMethod;
  /** Set when its token call was sent because of a 401 to the token before. */
  readonly cure?: Cure;
  /** When its life began, on this machine's clocks: never later than it was issued. */
  readonly since: Instant;
  readonly lifetimeMs: number;
}

const LAST_RENEWAL_MARGIN_MS = 60_000;
const MARGIN_APPLIES_ABOVE_MS = 300_000;
/** A token fetched because of a 401 is untested for this time. */
const TRIAL_MS = 10_000;

/** The one access token this process holds, and how long it is good for. */
export class HeldToken {
  /** PortOne has refused it. It serves on until a renewal brings another. */
  isSuspect = false;
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

  /** Milliseconds until callers are no longer given it. */
  get expiresInMs(): number {
    return this.isDiscarded ? 0 : Math.max(0, this.usableForMs - this.age);
  }

  /** Milliseconds until it should be renewed; negative when overdue. */
  get renewsInMs(): number {
    return this.isDiscarded ? 0 : this.renewAfterMs - this.age;
  }

  get isUsable(): boolean {
    return !this.isDiscarded && this.age < this.usableForMs;
  }

  get state(): HeldTokenState {
    if (!this.isUsable) return 'expired';
    return this.age >= this.renewAfterMs ? 'stale' : 'fresh';
  }

  /** Milliseconds until its computed end. */
  get endsInMs(): number {
    return Math.max(0, this.token.lifetimeMs - this.age);
  }

  /** Whether it may be alive: by the smaller of the two clocks, because the other one may have jumped ahead. */
  get mayBeAlive(): boolean {
    const { since, lifetimeMs } = this.token;
    return leastElapsed(this.clock, since) < lifetimeMs;
  }

  /** Whether it was fetched because of a 401, less than 10 s ago. */
  get isOnTrial(): boolean {
    return this.token.cure !== undefined && this.age < TRIAL_MS;
  }
}
