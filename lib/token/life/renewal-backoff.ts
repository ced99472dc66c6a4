import {
  CredentialsRejectedError,
  TokenUnavailableError,
  type PortOneAuthError,
} from '../../errors/index.js';
import { TokenCallFailure } from '../../portone/token-call.failure.js';
import { elapsed, type Clock, type Instant } from '../../time/clock.js';
import type { BackoffOptions } from './life-options.js';
import { RejectedSecrets } from './rejected-secrets.js';

/** A rejected secret is not sent again within this time. */
const REJECTED_RETRY_MS = 60_000;
/** While the secret is rejected, its function is called at most once in this time. */
const REJECTED_ASK_MS = 1_000;

/** A failed renewal. */
interface FailedRenewal {
  readonly error: PortOneAuthError;
  readonly at: Instant;
  readonly waitMs: number;
  /** Whether a token that had not expired was held when the renewal failed. */
  readonly hadToken: boolean;
}

/** Decides when the next renewal may be tried, and which error callers get until then. */
export class RenewalBackoff {
  consecutiveFailures = 0;
  /** The last renewal, if it failed. */
  #failure?: FailedRenewal;
  #askedAt?: Instant;
  #step = 0;
  readonly #rejected = new RejectedSecrets<FailedRenewal>();

  constructor(
    private readonly client: string,
    private readonly options: BackoffOptions,
    /** Whether another secret may come without a restart. */
    private readonly isSecretDynamic: boolean,
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  get lastError(): PortOneAuthError | undefined {
    return this.#failure?.error;
  }

  /** Milliseconds until the next attempt may be made; 0 when it may be made now. */
  get leftMs(): number {
    if (!this.#failure) return 0;
    const { at, waitMs } = this.#failure;
    return Math.max(0, waitMs - elapsed(this.clock, at));
  }

  /**
   * Whether no attempt may be made now. While the secret is rejected, a secret function may still be called once a second.
   */
  get isOn(): boolean {
    if (!this.#failure || this.leftMs === 0) return false;
    const { error, at } = this.#failure;
    if (error instanceof TokenUnavailableError || !this.isSecretDynamic)
      return true;
    return elapsed(this.clock, this.#askedAt ?? at) < REJECTED_ASK_MS;
  }

  /** The error that a caller gets while no attempt may be made, with the time that is left. */
  get error(): PortOneAuthError | undefined {
    const { lastError } = this;
    return lastError instanceof TokenUnavailableError
      ? lastError.after(this.leftMs)
      : lastError;
  }

  /** The next attempt would send this secret. If PortOne rejected it less than a minute ago, its error is the current one again. */
  secretGiven(secret: string): void {
    this.#askedAt = this.clock.now();
    const known = this.#rejected.get(secret);
    if (known && this.isRecent(known)) this.#failure = known;
  }

  /** Whether the secret was rejected less than a minute ago, so it must not be sent now. */
  isRejected(secret: string): boolean {
    const known = this.#rejected.get(secret);
    return known !== undefined && this.isRecent(known);
  }

  succeeded(): void {
    this.#failure = undefined;
    this.#rejected.clear();
    this.consecutiveFailures = 0;
    this.#step = 0;
  }

  /**
   * Sets the wait after a failed attempt. The wait ends when the held token expires, at the latest. The backoff then restarts
   * at `initial`, because only from then on do callers notice a failure. No wait is shorter than PortOne's `Retry-After`.
   */
  failed(
    error: unknown,
    secret: string | undefined,
    tokenEndsInMs: number,
  ): PortOneAuthError {
    this.consecutiveFailures += 1;
    const hadToken = tokenEndsInMs > 0;
    const failure =
      error instanceof TokenCallFailure ? error : unexpected(error);
    const { rejected, isOtherMerchant } = failure.facts;
    if (rejected || isOtherMerchant) {
      const problem = new CredentialsRejectedError(
        this.client,
        failure.detail,
        isOtherMerchant,
      );
      return this.rejected(problem, secret, hadToken);
    }
    this.#step = this.#failure?.hadToken && !hadToken ? 1 : this.#step + 1;
    const delay = backoffDelay(this.options, this.#step, this.random);
    const waitMs = Math.max(
      hadToken ? Math.min(delay, tokenEndsInMs) : delay,
      failure.facts.retryAfterMs ?? 0,
    );
    return this.setFailure(
      new TokenUnavailableError(failure.reason, waitMs, failure.detail),
      waitMs,
      hadToken,
    );
  }

  /** PortOne has rejected the secret of this attempt, or the secret belongs to another merchant. */
  private rejected(
    error: CredentialsRejectedError,
    secret: string | undefined,
    hadToken: boolean,
  ): PortOneAuthError {
    this.setFailure(error, REJECTED_RETRY_MS, hadToken);
    if (secret !== undefined) this.#rejected.set(secret, this.#failure!);
    return error;
  }

  private setFailure(
    error: PortOneAuthError,
    waitMs: number,
    hadToken: boolean,
  ): PortOneAuthError {
    this.#failure = { error, at: this.clock.now(), waitMs, hadToken };
    return error;
  }

  private isRecent({ at }: FailedRenewal): boolean {
    return elapsed(this.clock, at) < REJECTED_RETRY_MS;
  }
}

/** The wait after the n-th failure in a row (n from 1), with full jitter above `initial`. */
export function backoffDelay(
  { initial, max }: BackoffOptions,
  failures: number,
  random: () => number,
): number {
  const ceiling = Math.min(max, initial * 2 ** failures);
  return initial + random() * Math.max(0, ceiling - initial);
}

/** An unexpected error may hold a secret, so only its name is reported. */
const unexpected = (error: unknown) =>
  new TokenCallFailure(
    'PORTONE_TOKEN_RESPONSE_INVALID',
    `unexpected ${error instanceof Error ? error.name : typeof error}`,
  );
