/** The codes of the errors of this package. They are stable. */
export type PortOneAuthErrorCode =
  | 'PORTONE_CONFIG_INVALID'
  | 'PORTONE_CREDENTIALS_REJECTED'
  | 'PORTONE_TOKEN_UNAVAILABLE';

/**
 * The base class of the errors of this package.
 *
 * No error holds a secret, a token or a raw AxiosError, neither in a property nor as `cause`.
 */
export abstract class PortOneAuthError extends Error {
  /** Stable, for programs; the message is for people and may change. */
  abstract readonly code: PortOneAuthErrorCode;
  /** Whether the same call can succeed later, without a change of code or configuration. */
  abstract readonly retryable: boolean;

  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }

  /** The fields that may be logged or sent. Holds no stack and no cause. */
  toJSON(): Record<string, unknown> {
    const { name, code, retryable, message } = this;
    return {
      ...Object.fromEntries(Object.entries(this)),
      name,
      code,
      retryable,
      message,
    };
  }
}
