import {
  TokenStore,
  type RenewRecord,
  type TokenRecord,
} from './token-store.js';

interface Kept {
  readonly record: TokenRecord;
  readonly since: number;
}

/** Keeps the pairs in this process: the embedded default, and the contract's trivial case. */
export class MemoryTokenStore extends TokenStore {
  override readonly isShared = false;
  readonly #kept = new Map<string, Kept>();
  readonly #turns = new Map<string, Promise<unknown>>();

  /** @param now monotonic milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {
    super();
  }

  /** A record stays when its life is over: its refresh token may outlive it. */
  load(key: string): Promise<TokenRecord | undefined> {
    return Promise.resolve(this.peek(key));
  }

  async update(
    key: string,
    seen: number,
    renew: RenewRecord,
  ): Promise<TokenRecord> {
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(() =>
      this.renewUnlessNewer(key, seen, renew),
    );
    this.#turns.set(
      key,
      turn.catch(() => undefined),
    );
    return turn;
  }

  private async renewUnlessNewer(
    key: string,
    seen: number,
    renew: RenewRecord,
  ): Promise<TokenRecord> {
    const current = this.peek(key);
    if (current && current.generation > seen) return current;
    const renewed = await renew(current, true);
    const generation = Math.max(current?.generation ?? 0, seen) + 1;
    const record = { ...renewed, generation };
    this.#kept.set(key, { record, since: this.now() });
    return record;
  }

  private peek(key: string): TokenRecord | undefined {
    const kept = this.#kept.get(key);
    if (!kept) return undefined;
    const { record, since } = kept;
    return {
      ...record,
      expiresInMs: record.expiresInMs - (this.now() - since),
    };
  }
}
