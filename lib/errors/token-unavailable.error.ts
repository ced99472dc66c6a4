import { PortOneAuthError } from './portone-auth.error.js';

/** Why the last renewal failed. */
export type TokenFailureReason =
  | 'PORTONE_TOKEN_TIMEOUT'
  | 'PORTONE_TOKEN_NETWORK'
  | 'PORTONE_TOKEN_STATUS'
  | 'PORTONE_TOKEN_RESPONSE_INVALID'
  | 'PORTONE_SECRET_UNAVAILABLE';

/** There is no usable access token and none could be had now. Nothing was sent to the payment API. */
export class TokenUnavailableError extends PortOneAuthError {
  readonly code = 'PORTONE_TOKEN_UNAVAILABLE';
  readonly retryable = true;
  /** Whole milliseconds until the next attempt is due; 0 when no wait is planned. */
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
    super(`No PortOne access token can be had: ${detail} (${reason})${next}.`);
    this.retryAfterMs = wholeMs;
    this.#detail = detail;
  }

  readonly #detail: string;

  /** @internal the same failure for a later caller, with the milliseconds that are left */
  after(retryAfterMs: number): TokenUnavailableError {
    return new TokenUnavailableError(this.reason, retryAfterMs, this.#detail);
  }
}
