import { firstValueFrom, from, race, timer, type SchedulerLike } from 'rxjs';
import {
  TokenUnavailableError,
  type PortOneAuthError,
} from '../errors/index.js';
import { TokenCallFailure } from '../portone/token-call.failure.js';
import type { Clock } from './clock.js';
import type { Lateness } from './deadline.js';
import { Flight, type RenewalCause, type RenewedToken } from './flight.js';
import type { ChainedToken } from './held-token.js';
import { KnownBadSecret, type RenewalBackoff } from './renewal-backoff.js';
import type { SecretSource } from './secret-source.js';
import { StoreLook } from './store-look.js';
import type { TokenChain } from './token-chain.js';

/** A shutdown waits so long for a store to give back what it holds. */
const LANDING_MS = 1_000;

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
  readonly #look: StoreLook;
  #flight?: Flight;
  #isClosed = false;

  constructor(deps: RenewalDependencies) {
    this.#deps = deps;
    this.#look = new StoreLook(deps.chain, deps.clock, deps.scheduler);
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

  /** Starts a renewal that nobody waits for, if one may start now; its failure is reported like every failure. */
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
    flight.abort(closing());
    const patience = timer(LANDING_MS, this.#deps.scheduler);
    await firstValueFrom(race(from(flight.landed), patience));
  }

  private start(cause: RenewalCause): Promise<RenewedToken> {
    const plan = { ...this.#deps, cause, isLook: this.#deps.backoff.isOn };
    this.#flight = new Flight(plan, (flight) => this.run(flight));
    return this.#flight.promise;
  }

  private async run(flight: Flight): Promise<RenewedToken> {
    try {
      return await this.outcomeOf(flight);
    } finally {
      if (this.#flight === undefined && !this.#isClosed) this.#deps.onSettled();
    }
  }

  private async outcomeOf(flight: Flight): Promise<RenewedToken> {
    const { backoff, held, secret, onSuccess, onFailure } = this.#deps;
    let asked: string | undefined;
    let token: ChainedToken;
    try {
      token = await flight.whole.run(async () => {
        if (flight.isLook) return this.#look.newerOr(backoff.error(), held());
        asked = await flight.calls.run(() => secret.ask(), secretIsLate);
        const known = backoff.knownBad(asked);
        if (!known) return this.nextInChain(flight, asked);
        if (this.mayLook(flight.cause))
          return this.#look.newerOr(known, held(), asked);
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

  /** Only who has no good token looks for one. */
  private mayLook(cause: RenewalCause): boolean {
    return (cause === 'forced' || this.#deps.isUrgent()) && this.#look.isDue;
  }

  private nextInChain(
    flight: Flight,
    apiSecret: string,
  ): Promise<ChainedToken> {
    const { chain, held, isUrgent, tokenTimeout } = this.#deps;
    const next = chain.next({
      held: held(),
      apiSecret,
      timeoutMs: tokenTimeout,
      signal: flight.signal,
      isUrgent,
      call: (work) => flight.calls.run(work),
    });
    flight.landed = next.catch(() => undefined);
    return next;
  }

  private abandonOverdueFlight(): void {
    const flight = this.#flight;
    if (!flight?.isOverdue) return;
    this.#flight = undefined;
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

const unavailable = ({ reason, detail }: TokenCallFailure) =>
  new TokenUnavailableError(reason, 0, detail);
