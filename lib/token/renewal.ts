import { firstValueFrom, from, race, timer, type SchedulerLike } from 'rxjs';
import {
  TokenUnavailableError,
  type PortOneAuthError,
} from '../errors/index.js';
import { TokenCallFailure } from '../portone/token-call.failure.js';
import { elapsed, type Clock, type Instant } from './clock.js';
import { Deadline, type Lateness } from './deadline.js';
import type { ChainedToken } from './held-token.js';
import { KnownBadSecret, type RenewalBackoff } from './renewal-backoff.js';
import type { SecretSource } from './secret-source.js';
import type { TokenChain } from './token-chain.js';

/** What a store may take beside the token calls: as long again for another instance's renewal, and its lock's margin. */
const STORE_MARGIN_MS = 5_000;
/** A shutdown waits so long for a store to give back what it holds. */
const LANDING_MS = 1_000;
/** While PortOne may not be asked, the store is, at most once in so long; its answer may take as long. */
const LOOK_MS = 1_000;

/** Whether a renewal began because a token had been refused, or for any other reason. */
export type RenewalCause = 'planned' | 'forced';

/** A token as one of those who waited for it sees it. */
export interface RenewedToken extends ChainedToken {
  /** Nobody's refusal began the renewal, so it may have been answered before the waiter's token was refused. */
  readonly mayBeEarlier: boolean;
}

interface Flight {
  readonly cause: RenewalCause;
  /** It makes no call, for it began during a backoff: it only looks for what another instance has obtained. */
  readonly isLook: boolean;
  readonly controller: AbortController;
  /** For secret, refresh, login and bodies together. */
  readonly calls: Deadline;
  /** For everything, a store that hangs included. */
  readonly whole: Deadline;
  promise: Promise<RenewedToken>;
  /** Settles when nothing of the flight is left, a lock in the store included. */
  landed: Promise<unknown>;
}

export interface RenewalDependencies {
  readonly chain: TokenChain;
  readonly secret: SecretSource;
  readonly backoff: RenewalBackoff;
  readonly clock: Clock;
  readonly scheduler: SchedulerLike;
  readonly tokenTimeout: number;
  /** The token held now, read when the renewal begins. */
  readonly held: () => ChainedToken | undefined;
  /** Whether callers have nothing to go on with until this renewal ends. */
  readonly isUrgent: () => boolean;
  readonly onSuccess: (token: ChainedToken, cause: RenewalCause) => void;
  readonly onFailure: (error: PortOneAuthError) => void;
  /** Every renewal ends here, well or not: the schedule arms itself again. */
  readonly onSettled: () => void;
}

/** One renewal at a time, under one deadline, never more often than the backoff allows. */
export class Renewal {
  readonly #deps: RenewalDependencies;
  #flight?: Flight;
  #lookedAt?: Instant;
  #isClosed = false;

  constructor(deps: RenewalDependencies) {
    this.#deps = deps;
  }

  get isUnderWay(): boolean {
    return this.#flight !== undefined;
  }

  /** Whether who asks now begins one, and neither joins another nor is told to wait. */
  get canBegin(): boolean {
    return !this.#isClosed && !this.#flight && !this.#deps.backoff.isOn;
  }

  /** Whether none is under way and the last one went well. */
  get isAtRest(): boolean {
    return !this.#flight && !this.#deps.backoff.lastError;
  }

  /**
   * Joins the renewal in flight or starts one. During a backoff it rejects with the last error, unless another instance
   * has been luckier.
   */
  join(cause: RenewalCause = 'planned'): Promise<RenewedToken> {
    if (this.#isClosed) return Promise.reject(unavailable(closing()));
    this.abandonOverdueFlight();
    if (this.#flight) return this.#flight.promise;
    const { backoff } = this.#deps;
    if (!backoff.isOn || this.mayLook(cause)) return this.start(cause);
    return Promise.reject(backoff.error());
  }

  /** Starts a renewal that nobody waits for, if one may start now; its failure is reported as any other. */
  nudge(cause: RenewalCause = 'planned'): void {
    this.abandonOverdueFlight();
    if (this.#isClosed || this.#flight) return;
    if (!this.#deps.backoff.isOn || this.mayLook(cause)) void this.start(cause);
  }

  /** Ends the renewal in flight, and every later one before it begins; resolves when a lock it held is released, or soon. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const flight = this.#flight;
    if (!flight) return;
    flight.controller.abort(closing());
    const patience = timer(LANDING_MS, this.#deps.scheduler);
    await firstValueFrom(race(from(flight.landed), patience));
  }

  private start(cause: RenewalCause): Promise<RenewedToken> {
    const { backoff, clock, scheduler, tokenTimeout } = this.#deps;
    const isLook = backoff.isOn;
    const controller = new AbortController();
    const deadline = (ms: number) =>
      new Deadline(ms, clock, scheduler, controller);
    const flight: Flight = {
      cause,
      isLook,
      controller,
      calls: deadline(tokenTimeout),
      whole: deadline(2 * tokenTimeout + STORE_MARGIN_MS),
      promise: Promise.resolve() as never,
      landed: Promise.resolve(),
    };
    // Assigned before it runs: whatever the renewal touches may ask for the token again.
    this.#flight = flight;
    flight.promise = this.run(flight);
    // Callers observe their own copy; when none is left nobody else would.
    flight.promise.catch(() => undefined);
    return flight.promise;
  }

  private async run(flight: Flight): Promise<RenewedToken> {
    try {
      return await this.outcomeOf(flight);
    } finally {
      if (this.#flight === undefined && !this.#isClosed) this.#deps.onSettled();
    }
  }

  private async outcomeOf(flight: Flight): Promise<RenewedToken> {
    const { backoff, secret, onSuccess, onFailure } = this.#deps;
    let asked: string | undefined;
    let token: ChainedToken;
    try {
      token = await flight.whole.run(async () => {
        if (flight.isLook) return this.newerOr(backoff.error());
        asked = await flight.calls.run(() => secret.ask(), secretIsLate);
        const known = backoff.knownBad(asked);
        if (!known) return this.nextInChain(flight, asked);
        if (this.mayLook(flight.cause)) return this.newerOr(known, asked);
        throw known;
      }, storeIsLate);
    } catch (error) {
      if (this.#isClosed) throw unavailable(closing());
      // Whoever waited for an abandoned flight goes on waiting, for one that began after all of them had asked.
      if (this.#flight !== flight)
        return { ...(await this.join(flight.cause)), mayBeEarlier: false };
      this.#flight = undefined;
      if (flight.isLook) throw backoff.error();
      const failure = backoff.failed(error, asked);
      if (!(error instanceof KnownBadSecret)) onFailure(failure);
      throw failure;
    }
    const renewed = { ...token, mayBeEarlier: flight.cause === 'planned' };
    if (this.#flight !== flight) return renewed;
    this.#flight = undefined;
    backoff.succeeded();
    onSuccess(token, flight.cause);
    return renewed;
  }

  /** Whether who has no good token may look for one in the store. */
  private mayLook(cause: RenewalCause): boolean {
    const { chain, clock, isUrgent } = this.#deps;
    const lookedAt = this.#lookedAt;
    return (
      chain.isShared &&
      (cause === 'forced' || isUrgent()) &&
      (!lookedAt || elapsed(clock, lookedAt) >= LOOK_MS)
    );
  }

  /** What another instance has obtained meanwhile, or the reason why no call may be made. */
  private async newerOr(reason: unknown, apiSecret?: string) {
    const { chain, clock, held, scheduler } = this.#deps;
    this.#lookedAt = clock.now();
    const look = new Deadline(LOOK_MS, clock, scheduler, new AbortController());
    const token = await look
      .run(() => chain.newer(held(), apiSecret))
      .catch(() => undefined);
    if (!token) throw reason;
    return token;
  }

  private nextInChain(
    flight: Flight,
    apiSecret: string,
  ): Promise<ChainedToken> {
    const { chain, held, isUrgent, tokenTimeout } = this.#deps;
    const { signal } = flight.controller;
    const next = chain.next({
      held: held(),
      apiSecret,
      timeoutMs: tokenTimeout,
      signal,
      isUrgent,
      call: (work) => flight.calls.run(work),
    });
    flight.landed = next.catch(() => undefined);
    return next;
  }

  /** After a thaw a renewal may be long past its time while its timer has yet to fire. */
  private abandonOverdueFlight(): void {
    const flight = this.#flight;
    if (!flight) return;
    if (!flight.calls.isOverdue && !flight.whole.isOverdue) return;
    this.#flight = undefined;
    flight.controller.abort(
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

const unavailable = ({ reason, detail }: TokenCallFailure) =>
  new TokenUnavailableError(reason, 0, detail);
