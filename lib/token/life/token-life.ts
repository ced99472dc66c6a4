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
 * Everything known about one client's token: the token itself, the last failure, the pause of forced renewals. Methods named
 * in the past tense take facts, all other members give answers. This class makes no call and waits for nothing.
 */
export class TokenLife {
  readonly #changes = new Subject<void>();
  /** Emits after every fact that may change when the next renewal is due. */
  readonly changes$: Observable<void> = this.#changes.asObservable();
  readonly #backoff: RenewalBackoff;
  readonly #pause: RenewalPause;
  readonly #owner = new TokenOwner();
  #held?: HeldToken;
  /** The renewal in flight. */
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

  /** The token this process holds, in whatever state. */
  get held(): HeldToken | undefined {
    return this.#held;
  }

  /** The token that callers get now: a usable one; while renewals fail, the old one until it expires. */
  get current(): HeldToken | undefined {
    const held = this.#held;
    return held && (held.isUsable || this.isLastResort) ? held : undefined;
  }

  get hasUsableToken(): boolean {
    return this.#held?.isUsable ?? false;
  }

  /** Whether callers need a new token now: there is no usable one, or the API has refused it. */
  get isUrgent(): boolean {
    return !this.hasUsableToken || this.isSuspect;
  }

  /** The API has refused the held token. */
  get isSuspect(): boolean {
    return this.#held?.isSuspect ?? false;
  }

  /** What a token that is fetched now is sealed with; undefined unless the API has refused the held one. */
  get cure(): Cure | undefined {
    return this.isSuspect ? this.#pause.cure : undefined;
  }

  get isBackingOff(): boolean {
    return this.#backoff.isOn;
  }

  /** The error that callers get while no attempt may be made. */
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

  /** Milliseconds until the next planned renewal or attempt; undefined when none is planned. */
  get dueInMs(): number | undefined {
    if (this.#renewal) return undefined;
    if (this.lastError) return this.#backoff.leftMs;
    return this.#held?.renewsInMs;
  }

  /** @param isByApp the app has called `renew()` */
  renewalBegan(isByApp: boolean): RenewalCause {
    const unforced = this.hasUsableToken ? 'planned' : 'cold';
    const cause = isByApp || this.isSuspect ? 'forced' : unforced;
    this.#renewal = new RenewalStart(cause, this.options.clock);
    return cause;
  }

  /** The renewal ended without a token call and without a newer token. */
  renewalEnded(): void {
    this.#renewal = undefined;
    this.#changes.next();
  }

  /** Whether the token belongs to another merchant or store than the tokens before it. */
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
    // Two tokens do not end the pause: one fetched because of a 401, because it is untested, and the same token once more.
    if (!token.cure && before?.accessToken !== token.accessToken)
      this.#pause.end();
    this.reports.committed(before, held, facts);
    if (failures > 0) this.reports.recovered(failures);
    this.#changes.next();
    return held;
  }

  /** The next attempt would send this secret. */
  secretGiven(secret: string): void {
    this.#backoff.secretGiven(secret);
  }

  /** Whether the secret was rejected less than a minute ago, so it must not be sent now. */
  isRejected(secret: string): boolean {
    return this.#backoff.isRejected(secret);
  }

  /** Returns the error that callers get. */
  failed(error: unknown, secret: string | undefined): PortOneAuthError {
    const facts = this.endOfRenewal();
    const endsInMs = this.#held?.endsInMs ?? 0;
    const failure = this.#backoff.failed(error, secret, endsInMs);
    this.reports.failed(failure, this.consecutiveFailures, facts);
    this.#changes.next();
    return failure;
  }

  /** The endpoint has refused a call with this token. False when the call must not be replayed. */
  refused(accessToken: string, endpoint: string | undefined): boolean {
    const held = this.#held;
    if (held?.accessToken !== accessToken) return true;
    if (!this.#renewal && !this.admitsForced(endpoint)) return false;
    this.suspect(held, endpoint);
    return true;
  }

  /** The same for a call without a replay. No replay will test the next token, so an untested token forces no renewal. */
  refusedWithoutReplay(
    accessToken: string,
    endpoint: string | undefined,
  ): boolean {
    const held = this.#held;
    if (held?.accessToken !== accessToken || this.#renewal || held.isUntested)
      return false;
    return this.refused(accessToken, endpoint);
  }

  /** The app has called `invalidate()`. True when the token was discarded. */
  invalidated(accessToken: string): boolean {
    const held = this.#held;
    if (held?.accessToken !== accessToken || held.isDiscarded) return false;
    if (held.isUntested || !this.admitsForced(undefined)) return false;
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
   * The endpoint has refused a replay as well. True when no other token helps this call: the token was fetched because of a
   * 401, by this instance, or by another instance for an endpoint that is known to refuse such tokens.
   */
  unhealed({ token, accessToken }: HeldToken, endpoint: string): boolean {
    const { cure, method, since } = token;
    if (!cure) return false;
    const isOfOther = method === 'adopted';
    if (isOfOther && !this.#pause.refusedCureOfOther(endpoint, cure, since))
      return false;
    const isCurrent = this.#held?.accessToken === accessToken;
    if (isCurrent || this.#held?.isUntested)
      this.#pause.unhealed(accessToken, endpoint, cure);
    return true;
  }

  private suspect(held: HeldToken, endpoint: string | undefined): void {
    if (!held.isSuspect) this.#pause.suspectedBy(endpoint);
    held.isSuspect = true;
  }

  private endOfRenewal(): RenewalFacts {
    // Without a start the token was found by reading the store, which only a call that needs a token does.
    const cause = this.hasUsableToken ? 'forced' : 'cold';
    const start = this.#renewal ?? new RenewalStart(cause, this.options.clock);
    this.#renewal = undefined;
    return start.facts;
  }

  /** Only 401s that start a renewal are counted. While renewals fail, the backoff alone decides. */
  private admitsForced(endpoint: string | undefined): boolean {
    const isUncounted = this.#renewal !== undefined || this.lastError;
    if (isUncounted && this.pausedForMs === 0) return true;
    return this.#pause.tryToForce(endpoint);
  }

  /**
   * While renewals fail, the token is handed out until its computed end. After that it is handed out only if no attempt can
   * be made now and one of the clocks says that it is still valid.
   */
  private get isLastResort(): boolean {
    const held = this.#held;
    if (!held || !this.lastError) return false;
    if (held.endsInMs > 0) return true;
    const isAttemptPossible = !this.#renewal && !this.isBackingOff;
    return !isAttemptPossible && held.mayBeValid;
  }
}
