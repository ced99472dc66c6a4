import {
  CredentialsRejectedError,
  TokenUnavailableError,
  type PortOneAuthError,
} from '../../errors/index.js';
import { TokenCallFailure } from '../../portone/token-call.failure.js';
import { backoffDelay, type BackoffOptions } from './backoff.js';
import { elapsed, type Clock, type Instant } from '../../time/clock.js';
import { RejectedSecrets } from './rejected-secrets.js';
import { LoginRefused } from '../renewal/token-calls.js';

const REJECTED_RETRY_MS = 60_000;
const REJECTED_ASK_MS = 1_000;

/** How the last renewal ended, when it did not end well. */
interface Setback {
  readonly error: PortOneAuthError;
  readonly at: Instant;
  readonly waitMs: number;
  /** A token served on: the wait ends with its life, but not before PortOne asked for. */
  readonly leastMs?: number;
}

/** A secret PortOne refused less than a minute ago: nothing was sent, and its minute goes on. */
export class KnownBadSecret extends Error {
  readonly #setback: Setback;

  constructor(setback: Setback) {
    super(setback.error.message);
    this.#setback = setback;
  }

  get setback(): Setback {
    return this.#setback;
  }
}

/** Says when the next renewal may be tried, and what callers are told until then. */
export class RenewalBackoff {
  consecutiveFailures = 0;
  #setback?: Setback;
  #askedAt?: Instant;
  #step = 0;
  #wasAlive = false;
  readonly #rejected = new RejectedSecrets<Setback>();

  constructor(
    private readonly client: string,
    private readonly options: BackoffOptions,
    /** Whether another secret may come without a restart. */
    private readonly isSecretDynamic: boolean,
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  get lastError(): PortOneAuthError | undefined {
    return this.#setback?.error;
  }

  /** Milliseconds until the next attempt may be made; 0 when it may be made now. */
  leftMs(diesInMs: number): number {
    if (!this.#setback) return 0;
    const { at, waitMs, leastMs = waitMs } = this.#setback;
    const passed = elapsed(this.clock, at);
    const untilDeath = Math.min(waitMs - passed, diesInMs);
    return Math.max(0, leastMs - passed, untilDeath);
  }

  /** Whether no attempt may be made now. While a secret is rejected, its function may be asked once a second all the same. */
  isOn(diesInMs: number): boolean {
    if (!this.#setback || this.leftMs(diesInMs) === 0) return false;
    const { error, at } = this.#setback;
    if (error instanceof TokenUnavailableError || !this.isSecretDynamic)
      return true;
    return elapsed(this.clock, this.#askedAt ?? at) < REJECTED_ASK_MS;
  }

  /** What a caller gets instead of an attempt, with the time that is left. */
  error(diesInMs: number): PortOneAuthError | undefined {
    const { lastError } = this;
    return lastError instanceof TokenUnavailableError
      ? lastError.after(this.leftMs(diesInMs))
      : lastError;
  }

  /** What to fail with instead of sending a value that was refused less than a minute ago. */
  knownBad(secret: string): KnownBadSecret | undefined {
    this.#askedAt = this.clock.now();
    const setback = this.#rejected.get(secret);
    if (!setback) return undefined;
    const isRecent = elapsed(this.clock, setback.at) < REJECTED_RETRY_MS;
    if (isRecent) return new KnownBadSecret(setback);
    this.#rejected.delete(secret);
    return undefined;
  }

  succeeded(): void {
    this.#setback = undefined;
    this.#rejected.clear();
    this.consecutiveFailures = 0;
    this.#step = 0;
    this.#wasAlive = false;
  }

  /**
   * Sets the wait after a failed attempt, and gives what its callers are told. An attempt is due when the held token dies,
   * if the wait would be over later, and the waits grow from the start again: only from then on somebody notices.
   */
  failed(
    error: unknown,
    secret: string | undefined,
    diesInMs: number,
  ): PortOneAuthError {
    if (error instanceof KnownBadSecret) {
      this.#setback = error.setback;
      return error.setback.error;
    }
    this.consecutiveFailures += 1;
    const at = this.clock.now();
    if (error instanceof LoginRefused) {
      const rejected = new CredentialsRejectedError(this.client, error.message);
      this.#setback = { error: rejected, at, waitMs: REJECTED_RETRY_MS };
      if (secret !== undefined) this.#rejected.set(secret, this.#setback);
      return rejected;
    }
    const failure = error instanceof TokenCallFailure ? error : bug(error);
    const isAlive = diesInMs > 0;
    this.#step = this.#wasAlive && !isAlive ? 1 : this.#step + 1;
    this.#wasAlive = isAlive;
    const retryAfterMs = failure.facts.retryAfterMs ?? 0;
    const delay = backoffDelay(this.options, this.#step, this.random);
    const waitMs = Math.max(delay, retryAfterMs);
    const unavailable = new TokenUnavailableError(
      failure.reason,
      waitMs,
      failure.detail,
    );
    this.#setback = {
      error: unavailable,
      at,
      waitMs,
      ...(isAlive && { leastMs: retryAfterMs }),
    };
    return unavailable.after(this.leftMs(diesInMs));
  }
}

/** A bug of ours is still no reason to show what it held. */
const bug = (error: unknown) =>
  new TokenCallFailure(
    'PORTONE_TOKEN_RESPONSE_INVALID',
    `unexpected ${error instanceof Error ? error.name : typeof error}`,
  );
