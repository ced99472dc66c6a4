import { Subject, type Observable } from 'rxjs';
import type { PortOneAuthError } from '../../errors/index.js';
import type { Cure } from '../../store/sealed-pair.js';
import { HeldToken, type ChainedToken } from './held-token.js';
import type { LifeOptions } from './life-options.js';
import type {
  LifeReports,
  RenewalCause,
  RenewalFacts,
} from './life-reports.js';
import { RenewalBackoff } from './renewal-backoff.js';
import { RenewalPause } from './renewal-pause.js';
import { RenewalStart } from './renewal-start.js';
import { TokenOwner } from './token-owner.js';

/**
 * Everything known about one client's token: the token itself, the last failure, the pause of forced renewals. Facts go in,
 * answers come out; it makes no call and waits for nothing.
 */
export class TokenLife {
  readonly #changes = new Subject<void>();
  /** After every fact that may change when the next renewal is due. */
  readonly changes$: Observable<void> = this.#changes.asObservable();
  readonly #backoff: RenewalBackoff;
  readonly #pause: RenewalPause;
  readonly #owner = new TokenOwner();
  #held?: HeldToken;
  /** Of the renewal under way. */
  #renewal?: RenewalStart;

  constructor(
    private readonly options: LifeOptions,
    private readonly reports: LifeReports,
  ) {
    const { client, renewal, apiSecret, clock, random } = options;
    this.#pause = new RenewalPause(clock, reports);
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

  /** What callers are given now: a usable token, or while renewals fail the old one to its end. */
  get current(): HeldToken | undefined {
    const held = this.#held;
    return held && (held.isUsable || this.isLastResort) ? held : undefined;
  }

  /** There is no usable token. */
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

  /** What a token that is fetched now is sealed with; undefined unless PortOne has refused the held one. */
  get cure(): Cure | undefined {
    return this.isSuspect ? this.#pause.cure : undefined;
  }

  get isBackingOff(): boolean {
    return this.#backoff.isOn;
  }

  /** What callers are told while no attempt may be made. */
  get error(): PortOneAuthError | undefined {
    return this.#backoff.error;
  }

  get lastError(): PortOneAuthError | undefined {
    return this.#backoff.lastError;
  }

  get consecutiveFailures(): number {
    return this.#backoff.consecutiveFailures;
  }

  get pausedForMs(): number {
    return this.#pause.leftMs;
  }

  /** Milliseconds until the next planned renewal or attempt; undefined when there is nothing to plan. */
  get dueInMs(): number | undefined {
    if (this.#renewal) return undefined;
    if (this.lastError) return this.#backoff.leftMs;
    return this.#held?.renewsInMs;
  }

  /** @param isAsked the app asks for it by `renew()` */
  renewalBegan(isAsked: boolean): RenewalCause {
    const isForced = isAsked || this.isSuspect;
    const cause = isForced ? 'forced' : this.isUrgent ? 'cold' : 'planned';
    this.#renewal = new RenewalStart(cause, this.options.clock);
    return cause;
  }

  /** It ended without a token call and without a newer token. */
  renewalEnded(): void {
    this.#renewal = undefined;
    this.#changes.next();
  }

  /** Whether it is a token of another merchant or store than the tokens before. */
  isOfOther({ claims }: ChainedToken): boolean {
    return this.#owner.isOther(claims);
  }

  renewed(token: ChainedToken): HeldToken {
    const { clock, renewal, random } = this.options;
    const before = this.#held;
    const facts = this.endOfRenewal();
    const held = new HeldToken(token, clock, renewal, random);
    this.#held = held;
    this.#owner.learn(token.claims);
    const failures = this.consecutiveFailures;
    this.#backoff.succeeded();
    // A token fetched because of a 401 is untested, and the same token again changes nothing: neither ends the pause.
    if (!token.cure && before?.accessToken !== token.accessToken)
      this.#pause.end();
    this.reports.committed(before, held, facts);
    if (failures > 0) this.reports.recovered(failures);
    this.#changes.next();
    return held;
  }

  /** The secret that the next attempt would send. */
  secretGiven(secret: string): void {
    this.#backoff.secretGiven(secret);
  }

  /** Whether the secret was rejected less than a minute ago: it must not be sent now. */
  isRejected(secret: string): boolean {
    return this.#backoff.isRejected(secret);
  }

  /** Gives what callers are told. */
  failed(error: unknown, secret: string | undefined): PortOneAuthError {
    const facts = this.endOfRenewal();
    const endsInMs = this.#held?.endsInMs ?? 0;
    const failure = this.#backoff.failed(error, secret, endsInMs);
    this.reports.failed(failure, this.consecutiveFailures, facts);
    this.#changes.next();
    return failure;
  }

  /** A call of the endpoint was refused with this token. False when the 401 is the answer. */
  refused(accessToken: string, endpoint: string | undefined): boolean {
    const held = this.#held;
    if (held?.accessToken !== accessToken) return true;
    if (!this.#renewal && !this.admitsForced(endpoint)) return false;
    this.suspect(held, endpoint);
    return true;
  }

  /** The same for a call that is not replayed, so nothing will tell whether the next token is refused too. */
  refusedUnheard(accessToken: string, endpoint: string | undefined): boolean {
    const held = this.#held;
    if (held?.accessToken !== accessToken || this.#renewal || held.isOnTrial)
      return false;
    return this.refused(accessToken, endpoint);
  }

  /** The app says that the token is no good. True when it was discarded. */
  invalidated(accessToken: string): boolean {
    const held = this.#held;
    if (held?.accessToken !== accessToken || held.isDiscarded) return false;
    if (held.isOnTrial || !this.admitsForced(undefined)) return false;
    this.suspect(held, undefined);
    held.isDiscarded = true;
    this.reports.invalidated();
    this.#changes.next();
    return true;
  }

  /** The endpoint has accepted our token. Recorded only after a refused replay. */
  accepted(endpoint: () => string): void {
    if (this.#pause.isWatching) this.#pause.accepted(endpoint());
  }

  /** The endpoint has accepted a replay. */
  healed(endpoint: string): void {
    this.#pause.healed(endpoint);
  }

  /**
   * The endpoint has refused a replay as well. True when no other token helps this call: this instance has fetched the token
   * because of a 401, or another has and the endpoint is known to refuse such tokens.
   */
  unhealed({ token, accessToken }: HeldToken, endpoint: string): boolean {
    const { cure, method, since } = token;
    if (!cure) return false;
    const isOfOther = method === 'adopted';
    if (isOfOther && !this.#pause.refusedCureOfOther(endpoint, cure, since))
      return false;
    const isCurrent = this.#held?.accessToken === accessToken;
    if (isCurrent || this.#held?.isOnTrial)
      this.#pause.unhealed(accessToken, endpoint, cure);
    return true;
  }

  private suspect(held: HeldToken, endpoint: string | undefined): void {
    if (!held.isSuspect) this.#pause.askedBy(endpoint);
    held.isSuspect = true;
  }

  private endOfRenewal(): RenewalFacts {
    const { clock } = this.options;
    // A token that was found by reading the store has no start: a caller wanted it.
    const cause = this.isUrgent ? 'cold' : 'forced';
    const start = this.#renewal ?? new RenewalStart(cause, clock);
    this.#renewal = undefined;
    return start.facts;
  }

  /** Counts only refusals that start a renewal; while renewals fail, the backoff decides. */
  private admitsForced(endpoint: string | undefined): boolean {
    const isDecided = this.#renewal !== undefined || this.lastError;
    if (isDecided && this.pausedForMs === 0) return true;
    return this.#pause.forced(endpoint);
  }

  /**
   * While renewals fail, the token serves to its end. Beyond it, only if one of the clocks says that it lives and no
   * attempt can be made now.
   */
  private get isLastResort(): boolean {
    const held = this.#held;
    if (!held || !this.lastError) return false;
    if (held.endsInMs > 0) return true;
    const isAttemptPossible = !this.#renewal && !this.isBackingOff;
    return !isAttemptPossible && held.mayBeAlive;
  }
}
