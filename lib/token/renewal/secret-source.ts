import { isBlank } from '../../portone/secret-fault.js';
import { TokenCallFailure } from '../../portone/token-call.failure.js';

/** The API secret, or a function that returns it. */
export type ApiSecret = string | (() => string | Promise<string>);

/** Gives the API secret for each renewal. The secret is in a private field, so no inspection shows it. */
export class SecretSource {
  readonly #secret: ApiSecret;
  #isMissing = false;

  constructor(secret: ApiSecret) {
    this.#secret = secret;
  }

  /** Whether another secret may come without a restart. */
  get isDynamic(): boolean {
    return typeof this.#secret === 'function';
  }

  /** Whether the function gave no secret when it was called last. */
  get isMissing(): boolean {
    return this.#isMissing;
  }

  /** The secret for a renewal. Throws a {@link TokenCallFailure} without a `cause`, because the error of a secret manager may hold a secret. */
  async ask(): Promise<string> {
    this.#isMissing = false;
    const value = await this.read();
    if (typeof value === 'string' && !isBlank(value)) return value;
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
