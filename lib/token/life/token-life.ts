import { Subject, type Observable } from 'rxjs';
import type { PortOneAuthError } from '../../errors/index.js';
import { elapsed } from '../../time/clock.js';
import { HeldToken, type ChainedToken } from './held-token.js';
import { KnownBadSecret, RenewalBackoff } from './renewal-backoff.js';
import { RenewalPause } from './renewal-pause.js';
import type { TokenReporter } from '../token-reporter.js';
import type { TokenServiceOptions } from '../token-service-options.js';

/** A cure refused within this time has not helped, whoever was refused. */
const CURE_ON_TRIAL_MS = 10_000;

/**
 * Everything known about one client's token: the token itself, the last failure, the pause of forced renewals. Facts go in,
 * answers come out; it makes no call and waits for nothing.
 */
export class TokenLife {
  readonly #changes = new Subject<void>();
  /** After every fact: whatever was planned may be due at another time. */
  readonly changes$: Observable<void> = this.#changes.asObservable();
  readonly #backoff: RenewalBackoff;
  readonly #pause: RenewalPause;
  #held?: HeldToken;
  #isRenewing = false;

  constructor(
    private readonly options: TokenServiceOptions,
    private readonly reporter: TokenReporter,
  ) {
    const { client, renewal, apiSecret, clock, random } = options;
    this.#pause = new RenewalPause(clock, reporter);
    this.#backoff = new RenewalBackoff(
      client,
      renewal.backoff,
      apiSecret.isDynamic,
      clock,
      random,
    );
  }

  /** The token this process holds, whatever its condition. */
  get held(): HeldToken | undefined {
    return this.#held;
  }

  /** What callers are given now: a usable token, or a dying one while PortOne cannot renew it. */
  get current(): HeldToken | undefined {
    const held = this.#held;
    return held && (held.isUsable || this.isLastResort) ? held : undefined;
  }

  /** Callers have nothing to go on with. */
  get isUrgent(): boolean {
    return !this.#held?.isUsable;
  }

  /** A better token is wanted now: there is no usable one, or PortOne has refused it. */
  get isWanting(): boolean {
    return this.isUrgent || this.isSuspect;
  }

  /** PortOne has refused the held token. */
  get isSuspect(): boolean {
    return this.#held?.isSuspect ?? false;
  }

  get isBackingOff(): boolean {
    return this.#backoff.isOn(this.diesInMs);
  }

  /** What callers are told while no attempt may be made. */
  get error(): PortOneAuthError | undefined {
    return this.#backoff.error(this.diesInMs);
  }

  get lastError(): PortOneAuthError | undefined {
    return this.#backoff.lastError;
  }

  get consecutiveFailures(): number {
    return this.#backoff.consecutiveFailures;
  }

  get pausedForMs(): number {
    return this.#pause.remainingMs;
  }

  /** Milliseconds until the next planned renewal or attempt; undefined when there is nothing to plan. */
  get dueInMs(): number | undefined {
    if (this.#isRenewing) return undefined;
    if (this.lastError) return this.#backoff.leftMs(this.diesInMs);
    return this.#held?.renewsInMs;
  }

  renewalBegan(): void {
    this.#isRenewing = true;
  }

  /** It ended without news: nothing was sent, and nothing found. */
  renewalEnded(): void {
    this.#isRenewing = false;
    this.#changes.next();
  }

  renewed(token: ChainedToken, isCure: boolean): HeldToken {
    const { clock, renewal, random } = this.options;
    const before = this.#held;
    const held = new HeldToken(token, clock, renewal, random, isCure);
    this.#held = held;
    this.#isRenewing = false;
    this.#backoff.succeeded();
    // A cure has proved nothing yet, and the same token once more is no better than it was.
    if (!isCure && before?.accessToken !== token.accessToken) this.#pause.end();
    this.reporter.committed(before, held);
    this.#changes.next();
    return held;
  }

  /** What to fail with instead of sending a secret that was refused a moment ago. */
  knownBad(secret: string): KnownBadSecret | undefined {
    return this.#backoff.knownBad(secret);
  }

  /** Gives what callers are told. */
  failed(error: unknown, secret: string | undefined): PortOneAuthError {
    this.#isRenewing = false;
    const failure = this.#backoff.failed(error, secret, this.diesInMs);
    if (!(error instanceof KnownBadSecret))
      this.reporter.failed(failure, this.consecutiveFailures);
    this.#changes.next();
    return failure;
  }

  /** A call was refused with this token. False when the refusal has to stand. */
  refused(accessToken: string): boolean {
    const held = this.#held;
    if (held?.accessToken !== accessToken) return true;
    const isJoined = this.#isRenewing;
    if (!isJoined && !this.admitsForced()) return false;
    held.isSuspect = true;
    if (!isJoined && held.mayBeDead) this.discard(held);
    return true;
  }

  /** The same for a call that is not replayed, so nobody will hear whether the next token is refused too. */
  refusedUnheard(accessToken: string): boolean {
    const isCurrent = this.#held?.accessToken === accessToken;
    if (!isCurrent || this.#isRenewing || this.isOnTrial(accessToken))
      return false;
    return this.refused(accessToken);
  }

  /** The app says so. Whether the token was discarded. */
  invalidated(accessToken: string): boolean {
    const held = this.#held;
    if (held?.accessToken !== accessToken || held.isDiscarded) return false;
    if (this.isOnTrial(accessToken) || !this.admitsForced()) return false;
    held.isSuspect = true;
    this.discard(held);
    return true;
  }

  /** A replay was refused as well, with a token issued after the first refusal: 401s force no renewal for a while. */
  unhealed(accessToken: string): void {
    const held = this.#held;
    if (held?.accessToken === accessToken || this.isOnTrial(held?.accessToken))
      this.#pause.beginOnceFor(accessToken);
  }

  private discard(held: HeldToken): void {
    held.isDiscarded = true;
    this.reporter.emit({ type: 'invalidated' });
    this.#changes.next();
  }

  /** A cure that came a moment ago. */
  private isOnTrial(accessToken: string | undefined): boolean {
    const held = this.#held;
    if (!held?.isCure || held.accessToken !== accessToken) return false;
    const { since } = held.token;
    return elapsed(this.options.clock, since) < CURE_ON_TRIAL_MS;
  }

  /** Counts only what begins a renewal; while renewals fail the backoff decides. */
  private admitsForced(): boolean {
    if (this.#pause.remainingMs > 0) return false;
    const isAtRest = !this.#isRenewing && !this.lastError;
    return !isAtRest || this.#pause.admits();
  }

  /** While PortOne cannot renew it, a dying token is better than none; one past its end, only if no attempt can be made. */
  private get isLastResort(): boolean {
    const held = this.#held;
    if (!held || !this.lastError || held.diesInMs === 0) return false;
    return !held.mayBeDead || this.#isRenewing || this.isBackingOff;
  }

  private get diesInMs(): number {
    return this.#held?.diesInMs ?? 0;
  }
}
