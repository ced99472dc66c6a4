import type { Observable, Subscription } from 'rxjs';
import { LOCK_MARGIN_MS } from '../../store/token-store.js';
import { contextOfNow } from '../../time/async-context.js';
import { elapsed, type Instant } from '../../time/clock.js';
import type { ChainedToken, HeldToken } from '../life/held-token.js';
import type { TokenLife } from '../life/token-life.js';
import { portOneIsLate } from './deadline.js';
import { Flight } from './flight.js';
import {
  closed,
  closing,
  ofOtherMerchant,
  overdue,
  secretIsLate,
  storeIsLate,
} from './renewal-failures.js';
import type { RenewalOptions } from './renewal-options.js';
import { renewalSchedule } from './renewal-schedule.js';
import type { SecretSource } from './secret-source.js';
import { StoreLook } from './store-look.js';
import type { TokenChain } from './token-chain.js';
import { settledInTime, Waiting } from './waiting.js';

/** `renew()` starts at most one renewal in this time. */
const ASKED_MS = 1_000;

type Way = 'renew' | 'look';

/** One renewal at a time, never more often than the backoff allows. */
export class Renewal {
  /** The callers that wait for a token now. */
  readonly waiting: Waiting;
  readonly #secret: SecretSource;
  readonly #look: StoreLook;
  readonly #inContext = contextOfNow();
  #flight?: Flight;
  #askedAt?: Instant;
  #isDraining = false;
  #isClosed = false;

  constructor(
    private readonly life: TokenLife,
    private readonly chain: TokenChain,
    private readonly options: RenewalOptions,
  ) {
    this.#secret = options.apiSecret;
    this.#look = new StoreLook(life, chain, options);
    this.waiting = new Waiting(options);
  }

  /** Whether the last answer of the secret function was no secret at all. */
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
    return due$.subscribe(() => this.nudge());
  }

  /** What callers are given now; a token that is no longer fresh is renewed behind them. */
  current(): HeldToken | undefined {
    const { current } = this.life;
    if (current && current.state !== 'fresh') this.nudge();
    return current;
  }

  /**
   * Joins the renewal in flight or starts one; rejects with the last error while backing off. `signal` ends this wait only.
   */
  async join(signal?: AbortSignal): Promise<HeldToken> {
    const held = await this.waiting.for(this.nextFlight(), signal);
    // A read of the store that found nothing is not a renewal.
    return held ?? this.join(signal);
  }

  /** What the app asks for by `renew()`: at most one renewal a second, as long as a good token is held. */
  async ask(): Promise<void> {
    const { life, options } = this;
    this.abandonOverdueFlight();
    const way = this.wayNow;
    if (!this.#isClosed && !this.#flight && way) {
      const isRecent =
        this.#askedAt && elapsed(options.clock, this.#askedAt) < ASKED_MS;
      if (isRecent && !life.isWanting && !life.lastError) return;
      this.#askedAt = options.clock.now();
      this.start(way, true);
    }
    await this.join();
  }

  /** Starts a renewal in the background, if one may start now. */
  nudge(): void {
    this.abandonOverdueFlight();
    if (this.#isClosed || this.#isDraining || this.#flight) return;
    const way = this.wayNow;
    if (way) this.start(way);
  }

  /** A newer token from the store; undefined when there is none, or the store was read less than a second ago. */
  async look(signal?: AbortSignal): Promise<HeldToken | undefined> {
    if (this.#isClosed || (!this.#flight && !this.#look.isDue))
      return undefined;
    const flight = this.#flight ?? this.start('look');
    return this.waiting.for(flight, signal).catch(() => {
      signal?.throwIfAborted();
      return undefined;
    });
  }

  /** The schedule has ended. A renewal in flight gets a second to end; then it is aborted, unless callers wait for it. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    const flight = this.#flight;
    if (!flight) return;
    await settledInTime(flight.promise);
    if (this.#flight === flight && this.waiting.count === 0)
      await this.end(flight);
  }

  /** Aborts the renewal in flight and allows no other. Resolves when its lock is released, or after a second. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#flight) await this.end(this.#flight);
  }

  private async end(flight: Flight): Promise<void> {
    this.#inContext(() => flight.abort(closing()));
    await settledInTime(flight.landed);
  }

  /** The renewal in flight, or one that starts now. */
  private nextFlight(): Flight {
    if (this.#isClosed) throw closed();
    this.abandonOverdueFlight();
    if (this.#flight) return this.#flight;
    const way = this.wayNow;
    if (!way) throw this.life.error;
    return this.start(way);
  }

  /** During a backoff PortOne is not called, but the store may be read: another instance may have a newer token. */
  private get wayNow(): Way | undefined {
    if (!this.life.isBackingOff) return 'renew';
    return this.life.isWanting && this.#look.isDue ? 'look' : undefined;
  }

  /** Shared work runs in the context of construction, not in that of the caller that starts it. */
  private start(way: Way, isAsked = false): Flight {
    const { tokenTimeout, store, telemetry, clock, scheduler } = this.options;
    const { lockMarginMs = LOCK_MARGIN_MS } = store;
    const limits = {
      callsMs: tokenTimeout,
      // Before the calls the store may wait, as long as another instance may hold the lock.
      wholeMs: 2 * tokenTimeout + lockMarginMs,
    };
    // In the context of the caller, which has caused the renewal.
    const observed =
      way === 'renew'
        ? telemetry.renewal(this.life.renewalBegan(isAsked))
        : <T>(look: () => T) => look();
    return this.#inContext(() => {
      this.#flight = new Flight(limits, clock, scheduler, (flight) =>
        observed(() => this.run(flight, way)),
      );
      return this.#flight;
    });
  }

  private async run(flight: Flight, way: Way): Promise<HeldToken | undefined> {
    let secret: string | undefined;
    let token: ChainedToken | undefined;
    try {
      token = await flight.whole.run(async () => {
        if (way === 'look') return this.#look.newer();
        secret = await flight.calls.run(() => this.#secret.ask(), secretIsLate);
        this.life.secretGiven(secret);
        if (!this.life.isRejected(secret)) return this.next(flight, secret);
        return this.life.isWanting && this.#look.isDue
          ? this.#look.newer(secret)
          : undefined;
      }, storeIsLate);
      if (token && this.life.isOfOther(token)) throw ofOtherMerchant();
    } catch (error) {
      if (this.#isClosed) throw closed();
      if (!this.land(flight)) return this.nextFlight().promise;
      throw this.life.failed(error, secret);
    }
    if (!this.land(flight)) return this.nextFlight().promise;
    if (token) return this.life.renewed(token);
    this.life.renewalEnded();
    if (this.life.lastError) throw this.life.error;
    return undefined;
  }

  /** False for an abandoned flight: its waiters join its successor, which starts after they asked. */
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
      isServing: () => !life.isUrgent,
      isUrgent: () => life.isWanting,
      cure: () => life.cure,
      isOfOther: (token) => life.isOfOther(token),
      call: (work) => flight.calls.run(work, portOneIsLate(chain.host)),
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
