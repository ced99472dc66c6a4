/** Every stable code an error of this package can carry. */
export type PortOneAuthErrorCode =
  | 'PORTONE_CONFIG_INVALID'
  | 'PORTONE_CREDENTIALS_REJECTED'
  | 'PORTONE_TOKEN_UNAVAILABLE';

/**
 * The base of every error this package throws on purpose.
 *
 * No instance holds a secret, a token or a raw AxiosError, neither in a property nor as `cause`.
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

  /** What may be logged or sent: never a stack, never a cause. */
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
