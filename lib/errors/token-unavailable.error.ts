import { own } from '../portone/own.js';
import { PortOneAuthError } from './portone-auth.error.js';

/** Why the last renewal failed. */
export type TokenFailureReason =
  | 'PORTONE_TOKEN_TIMEOUT'
  | 'PORTONE_TOKEN_NETWORK'
  | 'PORTONE_TOKEN_STATUS'
  | 'PORTONE_TOKEN_RESPONSE_INVALID'
  | 'PORTONE_SECRET_UNAVAILABLE';

const isDerived = Function.prototype[Symbol.hasInstance];

/** There is no usable access token, and a renewal is not possible now. Nothing was sent to the payment API. */
export class TokenUnavailableError extends PortOneAuthError {
  /**
   * Makes `instanceof` true also for an error of a second copy of this package: Nest uses `instanceof` to find the filter of an
   * error. Compares code and field.
   * @internal
   */
  static override [Symbol.hasInstance](error: unknown): boolean {
    if (this !== TokenUnavailableError) return isDerived.call(this, error);
    return (
      error instanceof Error &&
      own(error, 'code') === 'PORTONE_TOKEN_UNAVAILABLE' &&
      typeof own(error, 'retryAfterMs') === 'number'
    );
  }

  readonly code = 'PORTONE_TOKEN_UNAVAILABLE';
  readonly retryable = true;
  /** Whole milliseconds until the next attempt is due; 0 when there is no wait. */
  readonly retryAfterMs: number;

  /**
   * @param reason why the last renewal failed
   * @param retryAfterMs rounded up to whole milliseconds
   * @param detail what happened, free of secrets
   */
  constructor(
    readonly reason: TokenFailureReason,
    retryAfterMs: number,
    detail: string,
  ) {
    const wholeMs = Math.ceil(retryAfterMs);
    const next = wholeMs > 0 ? `; next attempt in ${wholeMs} ms` : '';
    super(
      `No PortOne access token is available: ${detail} (${reason})${next}.`,
    );
    this.retryAfterMs = wholeMs;
    this.#detail = detail;
  }

  readonly #detail: string;

  /** @internal The same error for a later caller, with the milliseconds that are left. */
  after(retryAfterMs: number): TokenUnavailableError {
    return new TokenUnavailableError(this.reason, retryAfterMs, this.#detail);
  }
}
