import type { Observable, Subscription } from 'rxjs';
import { LOCK_MARGIN_MS } from '../../store/token-store.js';
import { contextOfNow } from '../../time/async-context.js';
import { elapsed, type Instant } from '../../time/clock.js';
import type { ChainedToken, HeldToken } from '../life/held-token.js';
import type { TokenLife } from '../life/token-life.js';
import { portOneTimedOut } from './deadline.js';
import { Flight } from './flight.js';
import {
  shutDown,
  shuttingDown,
  otherMerchant,
  overdue,
  secretTimedOut,
  storeTimedOut,
} from './renewal-failures.js';
import type { RenewalOptions } from './renewal-options.js';
import { renewalSchedule } from './renewal-schedule.js';
import type { SecretSource } from './secret-source.js';
import { StoreReader } from './store-reader.js';
import type { TokenChain } from './token-chain.js';
import { settledInTime, Waiting } from './waiting.js';

/** `renew()` starts at most one renewal in this time. */
const RENEW_INTERVAL_MS = 1_000;

/** What a flight does: a renewal, or only a read of the store. */
type Task = 'renew' | 'readStore';

/** Runs renewals: one at a time, and not more often than the backoff allows. */
export class Renewal {
  /** The callers that are waiting for a token. */
  readonly waiting: Waiting;
  readonly #secret: SecretSource;
  readonly #reader: StoreReader;
  readonly #inContext = contextOfNow();
  readonly #shuttingDown = shuttingDown();
  #flight?: Flight;
  #renewedByAppAt?: Instant;
  #isDraining = false;
  #isClosed = false;

  constructor(
    private readonly life: TokenLife,
    private readonly chain: TokenChain,
    private readonly options: RenewalOptions,
  ) {
    this.#secret = options.apiSecret;
    this.#reader = new StoreReader(life, chain, options);
    this.waiting = new Waiting(options);
  }

  /** Whether the secret function, when it was called last, gave no secret. */
  get isSecretMissing(): boolean {
    return this.#secret.isMissing;
  }

  /** Renews whenever a renewal is due, until unsubscribed. */
  keepRenewed(): Subscription {
    const { life, options } = this;
    const due$: Observable<unknown> = renewalSchedule(
      life.changes$,
      () => life.dueInMs,
      options.scheduler,
      this.#inContext,
    );
    return due$.subscribe(() => this.renewInBackground());
  }

  /** The token that callers get now. If it is no longer fresh, a renewal starts in the background. */
  current(): HeldToken | undefined {
    const { held } = this.life;
    if (held?.state === 'fresh') return held;
    const { current } = this.life;
    if (current) this.renewInBackground();
    return current;
  }

  /**
   * Joins the renewal in flight, or starts one; during a backoff rejects with the last error. `signal` ends only this
   * caller's wait.
   */
  async join(signal?: AbortSignal): Promise<HeldToken> {
    const held = await this.waiting.for(this.nextFlight(), signal);
    // The flight was only a read of the store, and found no newer token.
    return held ?? this.join(signal);
  }

  /** For `renew()` of the app: starts at most one renewal a second while a good token is held. */
  async renewNow(): Promise<void> {
    const { life, options } = this;
    this.abandonOverdueFlight();
    const task = this.allowedTask;
    if (!this.#isClosed && !this.#flight && task) {
      const isRecent =
        this.#renewedByAppAt &&
        elapsed(options.clock, this.#renewedByAppAt) < RENEW_INTERVAL_MS;
      if (isRecent && !life.isUrgent && !life.lastError) return;
      this.#renewedByAppAt = options.clock.now();
      this.start(task, true);
    }
    await this.join();
  }

  /** Starts a renewal in the background, if one may start now. */
  renewInBackground(): void {
    this.abandonOverdueFlight();
    if (this.#isClosed || this.#isDraining || this.#flight) return;
    const task = this.allowedTask;
    if (task) this.start(task);
  }

  /** A newer token from the store; undefined when there is none, or when the store was read less than a second ago. */
  async readStore(signal?: AbortSignal): Promise<HeldToken | undefined> {
    if (this.#isClosed || (!this.#flight && !this.#reader.isDue))
      return undefined;
    const flight = this.#flight ?? this.start('readStore');
    return this.waiting.for(flight, signal).catch(() => {
      signal?.throwIfAborted();
      return undefined;
    });
  }

  /** Starts no more background renewals. A renewal in flight gets a second to end; then it is aborted, unless callers wait for it. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    const flight = this.#flight;
    if (!flight) return;
    await settledInTime(flight.promise);
    if (this.#flight === flight && this.waiting.count === 0)
      await this.end(flight);
  }

  /** Aborts the renewal in flight and allows no other. Resolves when the lock in the store is released, or after a second. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#flight) await this.end(this.#flight);
  }

  private async end(flight: Flight): Promise<void> {
    this.#inContext(() => flight.abort(this.#shuttingDown));
    await settledInTime(flight.landed);
  }

  /** The renewal in flight, or one that starts now. */
  private nextFlight(): Flight {
    if (this.#isClosed) throw shutDown();
    this.abandonOverdueFlight();
    if (this.#flight) return this.#flight;
    const task = this.allowedTask;
    if (!task) throw this.life.error;
    return this.start(task);
  }

  /** During a backoff PortOne must not be called, but the store may be read: another instance may have a newer token. */
  private get allowedTask(): Task | undefined {
    if (!this.life.isBackingOff) return 'renew';
    return this.life.isUrgent && this.#reader.isDue ? 'readStore' : undefined;
  }

  /** A flight is shared, so it runs in the async context of construction, not in that of the caller that starts it. */
  private start(task: Task, isByApp = false): Flight {
    const { tokenTimeout, store, telemetry, clock, scheduler } = this.options;
    const { lockMarginMs = LOCK_MARGIN_MS } = store;
    const limits = {
      tokenCallsMs: tokenTimeout,
      // Before the token calls, the store may wait as long as another instance may hold the lock.
      totalMs: 2 * tokenTimeout + lockMarginMs,
    };
    // The telemetry is called in the async context of the caller that causes the renewal.
    const observed =
      task === 'renew'
        ? telemetry.renewal(this.life.renewalBegan(isByApp))
        : <T>(read: () => T) => read();
    return this.#inContext(() => {
      this.#flight = new Flight(limits, clock, scheduler, (flight) =>
        observed(() => this.run(flight, task)),
      );
      return this.#flight;
    });
  }

  private async run(
    flight: Flight,
    task: Task,
  ): Promise<HeldToken | undefined> {
    let secret: string | undefined;
    let token: ChainedToken | undefined;
    try {
      token = await flight.total.run(async () => {
        if (task === 'readStore') return this.#reader.newer();
        secret = await flight.tokenCalls.run(
          () => this.#secret.ask(),
          secretTimedOut,
        );
        this.life.secretGiven(secret);
        if (!this.life.isRejected(secret)) return this.next(flight, secret);
        return this.life.isUrgent && this.#reader.isDue
          ? this.#reader.newer(secret)
          : undefined;
      }, storeTimedOut);
      if (token && this.life.isOfOther(token)) throw otherMerchant();
    } catch (error) {
      if (this.#isClosed) throw shutDown();
      if (!this.land(flight)) return this.nextFlight().promise;
      if (error !== this.#shuttingDown) throw this.life.failed(error, secret);
      this.life.renewalEnded();
      throw shutDown();
    }
    if (!this.land(flight)) return this.nextFlight().promise;
    if (token) return this.life.renewed(token);
    this.life.renewalEnded();
    if (this.life.lastError) throw this.life.error;
    return undefined;
  }

  /** False when the flight was abandoned: then its callers get the token of the next flight. */
  private land(flight: Flight): boolean {
    if (this.#flight !== flight) return false;
    this.#flight = undefined;
    return true;
  }

  private next(flight: Flight, apiSecret: string): Promise<ChainedToken> {
    const { life, chain, options } = this;
    const next = chain.next({
      held: life.held?.token,
      apiSecret,
      timeoutMs: options.tokenTimeout,
      signal: flight.signal,
      isServing: () => life.hasUsableToken,
      isUrgent: () => life.isUrgent,
      cure: () => life.cure,
      isOfOther: (token) => life.isOfOther(token),
      call: (work) => flight.tokenCalls.run(work, portOneTimedOut(chain.host)),
    });
    flight.landed = next.catch(() => undefined);
    return next;
  }

  private abandonOverdueFlight(): void {
    const flight = this.#flight;
    if (!flight?.isOverdue) return;
    this.#flight = undefined;
    this.life.renewalEnded();
    this.#inContext(() => flight.abort(overdue()));
  }
}
