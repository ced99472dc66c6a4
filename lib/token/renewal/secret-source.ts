import { TokenCallFailure } from '../../portone/token-call.failure.js';

/** The API secret, or a function that finds it. */
export type ApiSecret = string | (() => string | Promise<string>);

/** Asks for the API secret before every renewal. Kept in a private field so that no inspection shows it. */
export class SecretSource {
  readonly #secret: ApiSecret;
  #isMissing = false;

  constructor(secret: ApiSecret) {
    this.#secret = secret;
  }

  /** Whether another value may come without a restart. */
  get isDynamic(): boolean {
    return typeof this.#secret === 'function';
  }

  /** Whether the function gave no secret when it was asked last. */
  get isMissing(): boolean {
    return this.#isMissing;
  }

  /** Throws a {@link TokenCallFailure} without a cause: what a secret manager throws may hold anything. */
  async ask(): Promise<string> {
    this.#isMissing = false;
    const value = await this.read();
    if (typeof value === 'string' && value.trim() !== '') return value;
    this.#isMissing = true;
    throw new TokenCallFailure(
      'PORTONE_SECRET_UNAVAILABLE',
      'the apiSecret function gave no secret',
    );
  }

  private async read(): Promise<unknown> {
    if (typeof this.#secret === 'string') return this.#secret;
    try {
      return await this.#secret();
    } catch {
      throw new TokenCallFailure(
        'PORTONE_SECRET_UNAVAILABLE',
        'the apiSecret function threw',
      );
    }
  }
}
