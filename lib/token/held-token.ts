import type { AccessTokenClaims } from '../portone/jwt-claims.js';
import { elapsed, type Clock, type Instant } from './clock.js';
import { expiryMarginMs } from './lifetime.js';

/** When a token is to be renewed, as shares of its lifetime. */
export interface RenewalTiming {
  readonly at: number;
  readonly jitter: number;
}

export type HeldTokenState = 'fresh' | 'stale' | 'expired';

/** A token as it came out of a renewal, and where it stands in its chain. */
export interface ChainedToken {
  readonly accessToken: string;
  readonly claims: AccessTokenClaims;
  /** The key of the chain: one per API secret and origin. */
  readonly chain: string;
  /** Its place in the chain; the greater one is newer. */
  readonly generation: number;
  /** Another instance obtained it. */
  readonly isAdopted: boolean;
  /** When its life began, on this machine's clocks: never earlier than it was issued. */
  readonly since: Instant;
  readonly lifetimeMs: number;
}

const LAST_RENEWAL_MARGIN_MS = 60_000;
const MARGIN_APPLIES_ABOVE_MS = 300_000;
/** Its life is counted from our question, less the second that `iat` is cut to; PortOne counts from its answer. */
const UNCERTAIN_END_MS = 2_000;

/** The one access token this process holds, and how long it is good for. */
export class HeldToken {
  private readonly renewAfterMs: number;
  private readonly usableForMs: number;
  #isDiscarded = false;

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

  /** Milliseconds until it is not handed out any more; 0 when it is over or discarded. */
  get expiresInMs(): number {
    return this.isDiscarded ? 0 : Math.max(0, this.usableForMs - this.age);
  }

  /** Milliseconds until it is to be renewed; negative when that is overdue. */
  get renewsInMs(): number {
    return this.isDiscarded ? 0 : this.renewAfterMs - this.age;
  }

  get state(): HeldTokenState {
    const { age } = this;
    if (this.isDiscarded || age >= this.usableForMs) return 'expired';
    return age >= this.renewAfterMs ? 'stale' : 'fresh';
  }

  get isUsable(): boolean {
    return !this.isDiscarded && this.age < this.usableForMs;
  }

  /** Milliseconds until it is taken for dead; 0 when that is over. Once discarded it has no benefit of the doubt. */
  get diesInMs(): number {
    const doubtMs = this.isDiscarded ? 0 : UNCERTAIN_END_MS;
    return Math.max(0, this.token.lifetimeMs + doubtMs - this.age);
  }

  /** Whether a refusal is no surprise: from here on it lives a little longer, or not. */
  get mayBeDead(): boolean {
    return !this.isDiscarded && this.age >= this.token.lifetimeMs;
  }

  get isDiscarded(): boolean {
    return this.#isDiscarded;
  }

  /** Not to be handed out any more, unless it cannot be renewed. */
  discard(): void {
    this.#isDiscarded = true;
  }

  private get age(): number {
    return elapsed(this.clock, this.token.since);
  }
}
