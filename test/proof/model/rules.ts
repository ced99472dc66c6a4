import { decodeJwt } from 'jose';
import type { TokenEvent } from '../../../lib/index.js';
import type { Clock, Instant } from '../../../lib/time/clock.js';
import { BackoffRule } from './backoff.rule.js';
import { elapsed, leastElapsed } from './elapsed.js';

/** Tolerance: this long before its end, a token need not be handed out; this long before its renewal is due, it may be renewed. */
const SLACK_MS = 11_000;
const RENEW_AT = 0.8;
/** A token with less than this left counts as expired, because `iat` is cut to seconds. */
const IAT_PRECISION_MS = 1_000;
/** PortOne's servers have different clocks: a token that ends this much earlier is not worse. */
const SKEW_MS = 5_000;

/** When a token call was sent: by the host's clocks, and by PortOne's. */
interface Sent {
  readonly at: Instant;
  readonly trueAt: number;
}

interface Held {
  readonly token: string;
  /** PortOne's clock, ms since 1970. */
  readonly expiresAt: number;
  readonly since: Sent;
  readonly lifetimeMs: number;
  isDiscarded: boolean;
}

/** The rules that must hold whatever happens, checked from outside. A violation is added to `broken`. */
export class Rules {
  readonly broken: string[] = [];
  /** The test itself is asking for a renewal. */
  isRenewalWanted = false;
  /** The module is destroyed: no renewal may begin. */
  hasEnded = false;
  /** How many renewals have begun. */
  renewals = 0;
  #callsInFlight = 0;
  /** A renewal that the test asked for is in flight. A renewal that replaces it after a sleep counts as asked for too. */
  #isWantedInFlight = false;
  #held?: Held;
  /** A token came that counts as expired, because its request was sent long ago. When the clock is set back, it may be handed out. */
  #holdsExpired = false;
  #lastCall: Sent;
  readonly #superseded = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #deadOnArrival = new Set<string>();
  readonly #backoff: BackoffRule;

  /** @param now PortOne's clock, ms since 1970 */
  constructor(
    private readonly clock: Clock,
    private readonly now: () => number,
  ) {
    const broken = (rule: string) => this.broken.push(rule);
    this.#lastCall = this.#sentNow();
    this.#backoff = new BackoffRule(clock, broken);
  }

  renewalBegins(): void {
    this.renewals += 1;
    if (this.hasEnded) this.broken.push('a renewal after the end');
    this.#backoff.renewalBegins();
    const isInvalidated = this.#held?.isDiscarded ?? false;
    const isEarly = this.#isFresh || isInvalidated;
    this.#isWantedInFlight ||= this.isRenewalWanted;
    if (!isEarly || this.#backoff.isOn || this.#isWantedInFlight) return;
    if (!isInvalidated && !this.#refused.has(this.#held?.token ?? ''))
      this.broken.push('a renewal without need');
  }

  tokenCallBegins(kind: 'login' | 'refresh', credential: string): void {
    this.#callsInFlight += 1;
    this.#lastCall = this.#sentNow();
    if (this.#callsInFlight > 1) this.broken.push('two token calls at once');
    if (kind === 'login') this.#backoff.loginBegins(credential);
  }

  answered(accessToken: string): void {
    if (endOf(accessToken) - this.now() <= IAT_PRECISION_MS)
      this.#deadOnArrival.add(accessToken);
  }

  tokenCallEnds(): void {
    this.#callsInFlight -= 1;
  }

  /** @param current the token that the service hands out now; @param secret the last secret that it got */
  event(event: TokenEvent, current: string | undefined, secret: string): void {
    switch (event.type) {
      case 'acquired':
      case 'renewed':
        this.#committed(current);
        this.#renewalEnded();
        return;
      case 'renewal-failed':
        this.#renewalEnded();
        this.#backoff.failed(event.retryAfterMs);
        return;
      case 'credentials-rejected':
        this.#renewalEnded();
        this.#backoff.rejected(secret);
        return;
      case 'invalidated':
        if (this.#held) this.#held.isDiscarded = true;
        return;
    }
  }

  sent(token: string): void {
    if (this.#refused.has(token) && this.#superseded.has(token))
      this.broken.push('a refused token sent though a newer one is known');
    const isExpired = endOf(token) <= this.now();
    const isAllowed =
      this.#deadOnArrival.has(token) || this.#isLastResort(token);
    if (isExpired && !isAllowed && this.#isTimeKnown)
      this.broken.push('an expired token sent');
  }

  refused(token: string): void {
    this.#refused.add(token);
  }

  #renewalEnded(): void {
    this.#isWantedInFlight = false;
  }

  /** @param token undefined for a token that counts as expired, because its request was sent long ago */
  #committed(token: string | undefined): void {
    const before = this.#held;
    this.#held = token === undefined ? undefined : this.#holding(token);
    this.#holdsExpired = token === undefined;
    this.#backoff.succeeded();
    if (!before || !this.#held) return;
    if (token === before.token) {
      if (this.#deadOnArrival.has(token))
        this.broken.push('an expired token used again');
      return;
    }
    if (
      this.#isGood(before) &&
      this.#held.expiresAt < before.expiresAt - SKEW_MS
    )
      this.broken.push('a good token replaced by one that expires earlier');
    this.#superseded.add(before.token);
    this.#superseded.delete(this.#held.token);
  }

  #holding(token: string): Held {
    const { exp = 0, iat = 0 } = decodeJwt(token);
    const leftMs = endOf(token) - this.now();
    const isDead = this.#deadOnArrival.has(token);
    const wholeMs = (exp - iat) * 1_000;
    return {
      token,
      expiresAt: endOf(token),
      // The lifetime counts from the moment when the request was sent.
      since: this.#lastCall,
      lifetimeMs: isDead ? wholeMs : Math.min(leftMs, wholeMs),
      isDiscarded: false,
    };
  }

  #sentNow(): Sent {
    return { at: this.clock.now(), trueAt: this.now() };
  }

  /** Renewals fail, and the token is still valid by one of the host's clocks. */
  #isLastResort(token: string): boolean {
    const held = this.#held;
    if (held?.token !== token || !this.#backoff.isOn) return false;
    return leastElapsed(this.clock, held.since.at) < held.lifetimeMs;
  }

  get #isFresh(): boolean {
    const held = this.#held;
    return (
      held !== undefined &&
      !held.isDiscarded &&
      this.#ageOf(held) < held.lifetimeMs * RENEW_AT - SLACK_MS
    );
  }

  /** Whether the token is valid by every clock, not refused and not discarded. */
  #isGood(held: Held): boolean {
    return (
      !held.isDiscarded &&
      !this.#refused.has(held.token) &&
      this.#ageOf(held) < held.lifetimeMs - SLACK_MS &&
      held.expiresAt > this.now() + SLACK_MS
    );
  }

  /** False when the host slept and its wall clock was set back: then none of its clocks shows the real time. */
  get #isTimeKnown(): boolean {
    const held = this.#held;
    if (!held) return !this.#holdsExpired;
    return this.#ageOf(held) >= this.now() - held.since.trueAt;
  }

  #ageOf({ since }: Held): number {
    return elapsed(this.clock, since.at);
  }
}

const endOf = (token: string): number => (decodeJwt(token).exp ?? 0) * 1_000;
