import type { AccessTokenClaims } from '../../portone/jwt-claims.js';
import { elapsed, type Clock, type Instant } from '../../time/clock.js';
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
  /** When its life began, on this machine's clocks: never later than it was issued. */
  readonly since: Instant;
  readonly lifetimeMs: number;
}

const LAST_RENEWAL_MARGIN_MS = 60_000;
const MARGIN_APPLIES_ABOVE_MS = 300_000;
/** We count its life from our request, less the second that `iat` is rounded down by; PortOne counts from its answer. */
const UNCERTAIN_END_MS = 2_000;

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
    /** Issued after its predecessor was refused. If it is refused too, another renewal will not help. */
    readonly isCure = false,
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

  /** Milliseconds until it is certainly dead. */
  get diesInMs(): number {
    const doubtMs = this.isDiscarded ? 0 : UNCERTAIN_END_MS;
    return Math.max(0, this.token.lifetimeMs + doubtMs - this.age);
  }

  /** Past its computed end: PortOne may or may not still accept it. */
  get mayBeDead(): boolean {
    return !this.isDiscarded && this.age >= this.token.lifetimeMs;
  }
}
