import type { SchedulerLike } from 'rxjs';
import {
  CredentialsRejectedError,
  TokenUnavailableError,
  type PortOneAuthError,
} from '../errors/index.js';
import { TokenCallFailure } from '../portone/token-call.failure.js';
import { backoffDelay, type BackoffOptions } from './backoff.js';
import { elapsed, type Clock, type Instant } from './clock.js';
import { withDeadline } from './deadline.js';
import type { HeldToken } from './held-token.js';
import type { SecretSource } from './secret-source.js';
import { LoginRefused, type TokenRenewer } from './token-renewer.js';

const REJECTED_RETRY_MS = 60_000;
const REJECTED_ASK_MS = 1_000;

/** How the last renewal ended, when it did not end well. */
interface Setback {
  readonly error: PortOneAuthError;
  readonly at: Instant;
  readonly waitMs: number;
}

interface Flight {
  readonly startedAt: Instant;
  readonly controller: AbortController;
  promise: Promise<HeldToken>;
}

export interface RenewalDependencies {
  readonly client: string;
  readonly renewer: TokenRenewer;
  readonly secret: SecretSource;
  readonly clock: Clock;
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
  readonly tokenTimeout: number;
  readonly backoff: BackoffOptions;
  /** The pair held now, read when the token call is about to be made. */
  readonly held: () => HeldToken | undefined;
  readonly onSuccess: (token: HeldToken) => void;
  readonly onFailure: (error: PortOneAuthError) => void;
  /** Every renewal ends here, well or not: the schedule arms itself again. */
  readonly onSettled: () => void;
}

/** One renewal at a time, under one deadline, never more often than the backoff allows. */
export class Renewal {
  consecutiveFailures = 0;
  readonly #deps: RenewalDependencies;
  #flight?: Flight;
  #setback?: Setback;
  #rejectedSecret?: string;
  #isClosed = false;

  constructor(deps: RenewalDependencies) {
    this.#deps = deps;
  }

  get lastError(): PortOneAuthError | undefined {
    return this.#setback?.error;
  }

  get isRejected(): boolean {
    return this.#setback?.error instanceof CredentialsRejectedError;
  }

  /** Whether a caller who comes now joins a renewal that is already under way. */
  get isInFlight(): boolean {
    return this.#flight !== undefined;
  }

  /** Milliseconds until the next attempt may be made; 0 when it may be made now. */
  backoffLeftMs(): number {
    if (!this.#setback) return 0;
    const { at, waitMs } = this.#setback;
    return Math.max(0, waitMs - elapsed(this.#deps.clock, at));
  }

  /** Joins the renewal in flight or starts one. Rejects at once during a backoff, with the last error. */
  join(): Promise<HeldToken> {
    if (this.#isClosed) return Promise.reject(this.unavailable(closing(), 0));
    this.abandonOverdueFlight();
    if (this.#flight) return this.#flight.promise;
    const blocked = this.blockedBy();
    return blocked ? Promise.reject(blocked) : this.start();
  }

  /** Ends the renewal in flight, and every later one before it begins. */
  close(): void {
    this.#isClosed = true;
    this.#flight?.controller.abort(closing());
  }

  private start(): Promise<HeldToken> {
    const flight: Flight = {
      startedAt: this.#deps.clock.now(),
      controller: new AbortController(),
      promise: Promise.resolve() as never,
    };
    // Assigned before it runs: whatever the renewal touches may ask for the token again.
    this.#flight = flight;
    flight.promise = this.run(flight);
    // Callers observe their own copy; when none is left nobody else would.
    flight.promise.catch(() => undefined);
    return flight.promise;
  }

  private async run(flight: Flight): Promise<HeldToken> {
    const { tokenTimeout, scheduler } = this.#deps;
    let asked: string | undefined;
    try {
      const token = await withDeadline(
        tokenTimeout,
        scheduler,
        flight.controller,
        async (signal) => {
          asked = await this.#deps.secret.ask();
          this.refuseKnownBad(asked);
          return this.#deps.renewer.renew(this.#deps.held(), asked, signal);
        },
      );
      if (this.#flight === flight) this.succeed(token);
      return token;
    } catch (error) {
      if (this.#flight !== flight) throw this.unavailable(overdue(), 0);
      throw this.fail(error, asked);
    } finally {
      if (!this.#isClosed) this.#deps.onSettled();
    }
  }

  private succeed(token: HeldToken): void {
    this.#flight = undefined;
    this.#setback = undefined;
    this.#rejectedSecret = undefined;
    this.consecutiveFailures = 0;
    this.#deps.onSuccess(token);
  }

  private fail(error: unknown, asked: string | undefined): PortOneAuthError {
    const { client, clock, backoff, random } = this.#deps;
    this.#flight = undefined;
    if (error instanceof KnownBadSecret && this.#setback) {
      // Nothing was sent to PortOne: the minute since it refused this value goes on.
      return this.#setback.error;
    }
    if (this.#isClosed) return this.unavailable(closing(), 0);
    this.consecutiveFailures += 1;
    if (error instanceof LoginRefused) {
      this.#rejectedSecret = asked;
      const rejected = new CredentialsRejectedError(client, error.message);
      this.#setback = {
        error: rejected,
        at: clock.now(),
        waitMs: REJECTED_RETRY_MS,
      };
    } else {
      const failure =
        error instanceof TokenCallFailure ? error : unexpected(error);
      const waitMs = Math.max(
        backoffDelay(backoff, this.consecutiveFailures, random),
        failure.facts.retryAfterMs ?? 0,
      );
      this.#setback = {
        error: this.unavailable(failure, waitMs),
        at: clock.now(),
        waitMs,
      };
    }
    this.#deps.onFailure(this.#setback.error);
    return this.#setback.error;
  }

  /** A dynamic secret is asked for again once a second while rejected: its new value must not wait out the minute. */
  private blockedBy(): PortOneAuthError | undefined {
    const leftMs = this.backoffLeftMs();
    if (!this.#setback || leftMs === 0) return undefined;
    const { error, waitMs } = this.#setback;
    if (!(error instanceof TokenUnavailableError)) {
      const mayAsk =
        this.#deps.secret.isDynamic && this.lastAskedMs() >= REJECTED_ASK_MS;
      return mayAsk ? undefined : error;
    }
    return leftMs === waitMs ? error : this.withWait(error, leftMs);
  }

  #askedAt?: Instant;

  private lastAskedMs(): number {
    const since = this.#askedAt ?? this.#setback?.at;
    return since ? elapsed(this.#deps.clock, since) : Infinity;
  }

  private refuseKnownBad(secret: string): void {
    this.#askedAt = this.#deps.clock.now();
    if (secret === this.#rejectedSecret && this.backoffLeftMs() > 0)
      throw new KnownBadSecret();
  }

  /** After a thaw a renewal may be long past its deadline while its timer has yet to fire. */
  private abandonOverdueFlight(): void {
    const flight = this.#flight;
    if (!flight) return;
    if (elapsed(this.#deps.clock, flight.startedAt) <= this.#deps.tokenTimeout)
      return;
    this.#flight = undefined;
    flight.controller.abort(overdue());
  }

  private unavailable(
    failure: TokenCallFailure,
    waitMs: number,
  ): TokenUnavailableError {
    return new TokenUnavailableError(failure.reason, waitMs, failure.detail);
  }

  private withWait(
    error: TokenUnavailableError,
    waitMs: number,
  ): TokenUnavailableError {
    return new TokenUnavailableError(
      error.reason,
      waitMs,
      'the last attempt failed',
    );
  }
}

/** The function still gives the value PortOne refused less than a minute ago. */
class KnownBadSecret extends Error {}

const closing = () =>
  new TokenCallFailure('PORTONE_TOKEN_NETWORK', 'the module is shutting down');

const overdue = () =>
  new TokenCallFailure(
    'PORTONE_TOKEN_TIMEOUT',
    'the renewal was overdue and has been abandoned',
  );

/** A bug of ours is still no reason to show what it held. */
const unexpected = (error: unknown) =>
  new TokenCallFailure(
    'PORTONE_TOKEN_RESPONSE_INVALID',
    `unexpected ${error instanceof Error ? error.name : typeof error}`,
  );
