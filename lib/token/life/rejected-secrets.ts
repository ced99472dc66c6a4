import { createHash } from 'node:crypto';

/** A limit, because a secret function may return a different wrong value each time. */
const MAX_SECRETS = 8;

/** Remembers the secrets that PortOne rejected last. Keeps SHA-256 hashes, so a memory dump shows no secret. */
export class RejectedSecrets<T> {
  readonly #known = new Map<string, T>();

  get(secret: string): T | undefined {
    return this.#known.get(hash(secret));
  }

  set(secret: string, known: T): void {
    const [oldest] = this.#known.keys();
    if (this.#known.size === MAX_SECRETS && oldest !== undefined)
      this.#known.delete(oldest);
    this.#known.set(hash(secret), known);
  }

  delete(secret: string): void {
    this.#known.delete(hash(secret));
  }

  clear(): void {
    this.#known.clear();
  }
}

const hash = (secret: string): string =>
  createHash('sha256').update(secret).digest('base64');
