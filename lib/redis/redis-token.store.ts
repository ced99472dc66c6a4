import { setTimeout as delay } from 'node:timers/promises';
import {
  TokenStore,
  type RenewalSituation,
  type RenewRecord,
  type TokenRecord,
} from '../store/token-store.js';
import type { RedisClient } from './redis-client.js';
import { connectionOf, type RedisConnection } from './redis-connection.js';
import {
  resolveRedisOptions,
  type RedisTokenStoreOptions,
} from './redis-token-store-options.js';
import { RedisChain, type Turn } from './record-and-lock.js';

/** Without a usable token a client that is still connecting is given longer, in ms. */
const URGENT_PATIENCE_MS = 1_000;

/** After so many lost locks in one update the pair is kept, unshared: something is wrong that a third call will not cure. */
const MAX_LOST_LOCKS = 2;

/**
 * Lets a fleet share one token chain through Redis 6.2 or later, or Valkey. Takes the app's own client or cluster of
 * node-redis or ioredis (5 or later), which the app connects and closes. Uses EVAL, GET, SET, DEL, PTTL and TIME.
 *
 * @example
 * const client = createClient({ url }).on('error', () => undefined);
 * void client.connect();
 * AuthModule.forRoot({ apiSecret, store: new RedisTokenStore(client) });
 */
export class RedisTokenStore extends TokenStore {
  readonly #connection: RedisConnection;
  readonly #options: Required<RedisTokenStoreOptions>;

  /** Throws {@link AuthConfigurationError} for a client that is none, and for bad options. */
  constructor(client: RedisClient, options: RedisTokenStoreOptions = {}) {
    super();
    this.#connection = connectionOf(client);
    this.#options = resolveRedisOptions(options);
  }

  override load(key: string): Promise<TokenRecord | undefined> {
    return this.#chain(key, 0).load();
  }

  override async update(
    key: string,
    seen: number,
    renew: RenewRecord,
    situation: RenewalSituation,
  ): Promise<TokenRecord> {
    const chain = this.#chain(key, situation.timeoutMs);
    for (let lost = 1; ; lost += 1) {
      const turn = await this.#takeTurn(chain, seen, situation);
      if (turn?.state === 'newer') return turn.record;
      if (!turn)
        return { ...(await renew(undefined, false)), generation: seen };

      const renewed = await renewOrRelease(chain, turn.record, renew);
      // A pair that cannot be shared is still good.
      const generation = await chain.commit(seen, renewed).catch(() => seen);
      if (generation !== undefined) return { ...renewed, generation };
      if (lost === MAX_LOST_LOCKS) return { ...renewed, generation: seen };
    }
  }

  /** Undefined when this instance has to act alone. */
  async #takeTurn(
    chain: RedisChain,
    seen: number,
    situation: RenewalSituation,
  ): Promise<Exclude<Turn, { state: 'taken' }> | undefined> {
    let urgentSince: number | undefined;
    for (;;) {
      situation.signal?.throwIfAborted();
      const isUrgent = situation.isUrgent();
      const turn = await chain
        .acquire(seen, isUrgent ? URGENT_PATIENCE_MS : undefined)
        .catch(() => undefined);
      if (turn?.state !== 'taken') return turn;

      const now = performance.now();
      if (isUrgent) urgentSince ??= now;
      const leftMs = situation.timeoutMs - (now - (urgentSince ?? now));
      if (leftMs <= 0) return undefined;
      const pauseMs = this.#options.pollMs * (0.5 + Math.random());
      await delay(Math.min(pauseMs, leftMs), undefined, { ref: false });
    }
  }

  #chain(key: string, timeoutMs: number): RedisChain {
    const { prefix, lockMarginMs } = this.#options;
    return new RedisChain(
      this.#connection,
      prefix,
      key,
      Math.ceil(timeoutMs + lockMarginMs),
    );
  }
}

async function renewOrRelease(
  chain: RedisChain,
  current: TokenRecord | undefined,
  renew: RenewRecord,
): ReturnType<RenewRecord> {
  try {
    return await renew(current, true);
  } catch (error) {
    await chain.release().catch(() => undefined);
    throw error;
  }
}
