import {
  elapsed,
  systemClock,
  type Clock,
  type Instant,
} from '../time/clock.js';
import {
  TokenStore,
  type RenewRecord,
  type TokenRecord,
} from './token-store.js';

interface Entry {
  readonly generation: number;
  readonly sealed: string;
  readonly expiresInMs: number;
  readonly since: Instant;
}

/**
 * The default store: it keeps records in the memory of one process. It also keeps a record whose access token has expired
 * (`expiresInMs <= 0`), because the refresh token may still be valid.
 */
export class MemoryTokenStore extends TokenStore {
  override readonly isShared = false;
  readonly #entries = new Map<string, Entry>();
  readonly #updates = new Map<string, Promise<unknown>>();

  constructor(private readonly clock: Clock = systemClock) {
    super();
  }

  override async load(key: string): Promise<TokenRecord | undefined> {
    return this.#read(key);
  }

  /** Updates of one key run one after another, because two clients may share this store. */
  override update(
    key: string,
    seen: number,
    renew: RenewRecord,
  ): Promise<TokenRecord> {
    const before = this.#updates.get(key) ?? Promise.resolve();
    const update = before.then(() => this.#updateAlone(key, seen, renew));
    const ended: Promise<void> = update
      .catch(() => undefined)
      .then(() => this.#forget(key, ended));
    this.#updates.set(key, ended);
    return update;
  }

  async #updateAlone(
    key: string,
    seen: number,
    renew: RenewRecord,
  ): Promise<TokenRecord> {
    const current = this.#read(key);
    if (current && current.generation > seen && current.expiresInMs > 0)
      return current;
    const { sealed, expiresInMs } = await renew(current, true);
    const generation = Math.max(current?.generation ?? 0, seen) + 1;
    const since = this.clock.now();
    this.#entries.set(key, { generation, sealed, expiresInMs, since });
    return { generation, sealed, expiresInMs };
  }

  /** A secret function may give another value each time, and each has a key of its own. */
  #forget(key: string, ended: Promise<unknown>): void {
    if (this.#updates.get(key) === ended) this.#updates.delete(key);
  }

  #read(key: string): TokenRecord | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    const { generation, sealed, since } = entry;
    const expiresInMs = entry.expiresInMs - elapsed(this.clock, since);
    return { generation, sealed, expiresInMs };
  }
}
