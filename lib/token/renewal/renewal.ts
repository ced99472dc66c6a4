import { firstValueFrom, from, race, timer } from 'rxjs';
import { TokenUnavailableError } from '../../errors/index.js';
import { TokenCallFailure } from '../../portone/token-call.failure.js';
import { LOCK_MARGIN_MS } from '../../store/token-store.js';
import { elapsed, type Instant } from '../../time/clock.js';
import { within } from '../../time/within.js';
import { Deadline, portOneIsLate, type Lateness } from './deadline.js';
import { Flight } from './flight.js';
import type { ChainedToken, HeldToken } from '../life/held-token.js';
import type { SecretSource } from './secret-source.js';
import type { TokenChain } from './token-chain.js';
import type { TokenLife } from '../life/token-life.js';
import type { TokenServiceOptions } from '../token-service-options.js';

/** A shutdown waits this long for the store to release its lock. */
const LANDING_MS = 1_000;
/** The store is read at most this often during a backoff, and has as long to answer. */
const LOOK_MS = 1_000;

/** One renewal at a time, never more often than the backoff allows. */
export class Renewal {
  readonly #secret: SecretSource;
  #flight?: Flight;
  #lookedAt?: Instant;
  #isClosed = false;

  constructor(
    private readonly life: TokenLife,
    private readonly chain: TokenChain,
    private readonly options: TokenServiceOptions,
  ) {
    this.#secret = options.apiSecret;
  }

  /** Joins the renewal in flight or starts one; rejects with the last error while backing off. */
  join(): Promise<HeldToken> {
    if (this.#isClosed) return Promise.reject(unavailable(closing()));
    this.abandonOverdueFlight();
    if (this.#flight) return this.waitFor(this.#flight.promise);
    if (this.mayStart) return this.waitFor(this.start());
    return Promise.reject(this.life.error);
  }

  /** A caller waits for `tokenTimeout` at most; the renewal may go on longer, behind a lock or a store that hangs. */
  private waitFor(renewal: Promise<HeldToken>): Promise<HeldToken> {
    const { tokenTimeout, scheduler } = this.options;
    // The renewal's own deadline comes first, because it has the better reason.
    return within(renewal, tokenTimeout + 1, scheduler, {
      late: () => waitedTooLong(tokenTimeout),
    });
  }

  /** Starts a renewal in the background, if one may start now. */
  nudge(): void {
    this.abandonOverdueFlight();
    if (!this.#isClosed && !this.#flight && this.mayStart) void this.start();
  }

  /** Ends the renewal in flight, and every later one; resolves when its lock is released, or soon. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const flight = this.#flight;
    if (!flight) return;
    flight.abort(closing());
    const patience = timer(LANDING_MS, this.options.scheduler);
    await firstValueFrom(race(from(flight.landed), patience));
  }

  /** During a backoff PortOne is not called, but the store may be read: another instance may have a newer token. */
  private get mayStart(): boolean {
    return !this.life.isBackingOff || this.mayLook;
  }

  private get mayLook(): boolean {
    if (!this.life.isWanting || !this.chain.isShared) return false;
    const { clock } = this.options;
    return !this.#lookedAt || elapsed(clock, this.#lookedAt) >= LOOK_MS;
  }

  private start(): Promise<HeldToken> {
    const { tokenTimeout, store, clock, scheduler } = this.options;
    const { lockMarginMs = LOCK_MARGIN_MS } = store;
    const isLook = this.life.isBackingOff;
    this.life.renewalBegan();
    this.#flight = new Flight(
      tokenTimeout,
      lockMarginMs,
      clock,
      scheduler,
      (flight) => this.run(flight, isLook),
    );
    return this.#flight.promise;
  }

  private async run(flight: Flight, isLook: boolean): Promise<HeldToken> {
    let secret: string | undefined;
    let token: ChainedToken;
    try {
      token = await flight.whole.run(async () => {
        if (isLook) return this.look(this.life.error);
        secret = await flight.calls.run(() => this.#secret.ask(), secretIsLate);
        const known = this.life.knownBad(secret);
        if (!known) return this.next(flight, secret);
        if (this.mayLook) return this.look(known, secret);
        throw known;
      }, storeIsLate);
    } catch (error) {
      if (this.#isClosed) throw unavailable(closing());
      if (!this.land(flight)) return this.join();
      if (isLook) this.life.renewalEnded();
      throw isLook ? this.life.error : this.life.failed(error, secret);
    }
    return this.land(flight)
      ? this.life.renewed(token, flight.isCure && !token.isAdopted)
      : this.join();
  }

  /** False for an abandoned flight: whoever waited for it waits for its successor. */
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
      call: (work) => {
        flight.isCure = life.isSuspect;
        return flight.calls.run(work, portOneIsLate(chain.host));
      },
    });
    flight.landed = next.catch(() => undefined);
    return next;
  }

  /** What another instance has obtained meanwhile; throws `reason` when there is nothing. */
  private async look(
    reason: unknown,
    apiSecret?: string,
  ): Promise<ChainedToken> {
    const { clock, scheduler } = this.options;
    this.#lookedAt = clock.now();
    const look = new Deadline(LOOK_MS, clock, scheduler, new AbortController());
    const token = await look
      .run(() => this.chain.newer(this.life.held?.token, apiSecret))
      .catch(() => undefined);
    if (!token) throw reason;
    return token;
  }

  private abandonOverdueFlight(): void {
    const flight = this.#flight;
    if (!flight?.isOverdue) return;
    this.#flight = undefined;
    this.life.renewalEnded();
    flight.abort(
      new TokenCallFailure('PORTONE_TOKEN_TIMEOUT', 'the renewal was overdue'),
    );
  }
}

const closing = () =>
  new TokenCallFailure('PORTONE_TOKEN_NETWORK', 'the module is shutting down');

const secretIsLate: Lateness = (totalMs) =>
  new TokenCallFailure(
    'PORTONE_SECRET_UNAVAILABLE',
    `the apiSecret function did not answer within ${totalMs} ms`,
  );

const storeIsLate: Lateness = (totalMs) =>
  new TokenCallFailure(
    'PORTONE_TOKEN_TIMEOUT',
    `the store did not answer within ${totalMs} ms`,
  );

const waitedTooLong = (totalMs: number) =>
  new TokenUnavailableError(
    'PORTONE_TOKEN_TIMEOUT',
    0,
    `the renewal has not ended within ${totalMs} ms`,
  );

const unavailable = ({ reason, detail }: TokenCallFailure) =>
  new TokenUnavailableError(reason, 0, detail);
