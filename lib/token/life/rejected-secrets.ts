import { createHash } from 'node:crypto';

/** A secret function that gives another wrong value each time must not fill the memory. */
const MOST = 8;

/** What is known of the secrets that PortOne rejected last. They are kept as SHA-256 hashes: a memory dump shows none. */
export class RejectedSecrets<T> {
  readonly #known = new Map<string, T>();

  get(secret: string): T | undefined {
    return this.#known.get(hash(secret));
  }

  set(secret: string, known: T): void {
    const [oldest] = this.#known.keys();
    if (this.#known.size === MOST && oldest !== undefined)
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
