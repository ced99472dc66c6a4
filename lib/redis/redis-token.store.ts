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
import {
  troubleOf,
  hasErrorListener,
  watchErrors,
  type ClientErrors,
} from './redis-errors.js';
import { RecordAndLock, type Turn } from './record-and-lock.js';
import { StuckLocks } from './stuck-locks.js';

/** The longest wait for Redis while there is no usable token, in ms. Longer, because the client may still be connecting. */
const URGENT_PATIENCE_MS = 1_000;

/** After losing this many locks, an update keeps its pair without sharing it. A third token call would hardly do better. */
const MAX_LOST_LOCKS = 2;

const STUCK = 'its lock has been taken for longer than a renewal lasts';

/**
 * Lets all instances of an app share one chain of tokens through Redis 6.2 or later, or Valkey. Takes the app's own client or
 * cluster of node-redis or ioredis (5 or later); the app connects and closes it. Uses EVAL, STRLEN, GET, SET, DEL, PTTL and
 * TIME.
 *
 * @example
 * const client = createClient({ url });
 * // Without a listener, and without the catch, the process ends when Redis is down.
 * client.on('error', () => undefined);
 * client.connect().catch(() => undefined);
 * AuthModule.forRoot({ apiSecret, store: new RedisTokenStore(client) });
 */
export class RedisTokenStore extends TokenStore {
  override readonly lockMarginMs: number;
  readonly #client: RedisClient;
  readonly #connection: RedisConnection;
  readonly #options: Required<RedisTokenStoreOptions>;
  readonly #stuckLocks = new StuckLocks();
  readonly #clientErrors: ClientErrors;
  #trouble?: string;

  /** @throws AuthConfigurationError when `client` is not a supported client, and for bad options */
  constructor(client: RedisClient, options: RedisTokenStoreOptions = {}) {
    super();
    this.#client = client;
    this.#connection = connectionOf(client);
    this.#clientErrors = watchErrors(client);
    this.#options = resolveRedisOptions(options);
    this.lockMarginMs = this.#options.lockMarginMs;
  }

  override load(key: string): Promise<TokenRecord | undefined> {
    return this.#recordAndLock(key, 0).load();
  }

  override async update(
    key: string,
    seen: number,
    renew: RenewRecord,
    situation: RenewalSituation,
  ): Promise<TokenRecord> {
    const lockMs = Math.ceil(situation.timeoutMs + this.lockMarginMs);
    const shared = this.#recordAndLock(key, lockMs);
    for (let lost = 1; ; lost += 1) {
      const turn = await this.#takeTurn(shared, key, seen, lockMs, situation);
      if (turn?.state === 'newer') return turn.record;
      if (!turn)
        return { ...(await renew(undefined, false)), generation: seen };

      const { record, stamp } = turn;
      const renewed = await renewOrRelease(shared, () =>
        renew(record, true, stamp),
      );
      const generation = await shared
        .commit(stamp, renewed)
        .catch((error: unknown) => {
          // This instance can still use a pair that Redis did not store.
          this.#noteTrouble(error);
          return seen;
        });
      if (generation !== undefined) return { ...renewed, generation };
      if (lost === MAX_LOST_LOCKS) return { ...renewed, generation: seen };
    }
  }

  override trouble(): string | undefined {
    return this.#trouble;
  }

  override bootProblems(): string[] {
    const problems: string[] = [];
    if (this.#connection.isClosed())
      problems.push(
        'The Redis client is closed, or was never told to connect, so no token is shared. ' +
          'Write: client.connect().catch(() => undefined)',
      );
    if (!hasErrorListener(this.#client))
      problems.push(
        "The Redis client has no 'error' listener; with node-redis the process ends when the connection breaks. " +
          "Write: client.on('error', () => undefined)",
      );
    return problems;
  }

  /** Waits for a newer record or for the lock. Undefined when this instance must renew without the lock. */
  async #takeTurn(
    shared: RecordAndLock,
    key: string,
    seen: number,
    lockMs: number,
    situation: RenewalSituation,
  ): Promise<Exclude<Turn, { state: 'taken' }> | undefined> {
    const { timeoutMs, patienceMs = timeoutMs, signal } = situation;
    const { pollMs } = this.#options;
    // One poll longer than the lock, so that this instance sees the lock of a crashed owner become free.
    const longestHoldMs = lockMs + pollMs;
    const startedAt = performance.now();
    let urgentSince: number | undefined;
    for (;;) {
      signal?.throwIfAborted();
      const isUrgent = situation.isUrgent();
      if (isUrgent) urgentSince ??= performance.now();
      const turn = await shared
        .acquire(
          seen,
          isUrgent ? { ms: URGENT_PATIENCE_MS, isAwaited: true } : undefined,
        )
        .catch((error: unknown) => this.#noteTrouble(error));
      if (turn) this.#clientErrors.lastCode = undefined;
      if (turn?.state !== 'taken') {
        if (turn) this.#stuckLocks.forget(key);
        return turn;
      }

      const now = performance.now();
      const takenMs = this.#stuckLocks.seenForMs(key, turn.owner, now);
      const stuckInMs = longestHoldMs - Math.max(takenMs, now - startedAt);
      const leftMs = Math.min(
        stuckInMs,
        patienceMs - (now - (urgentSince ?? now)),
      );
      if (leftMs <= 0) {
        this.#trouble = STUCK;
        return undefined;
      }
      const pauseMs = Math.min(pollMs * (0.5 + Math.random()), leftMs);
      await delay(pauseMs, undefined, { ref: isUrgent });
    }
  }

  #noteTrouble(error: unknown): undefined {
    this.#trouble = troubleOf(error, this.#clientErrors.lastCode);
  }

  #recordAndLock(key: string, lockMs: number): RecordAndLock {
    const { prefix } = this.#options;
    return new RecordAndLock(this.#connection, prefix, key, lockMs);
  }
}

async function renewOrRelease<T>(
  shared: RecordAndLock,
  renew: () => Promise<T>,
): Promise<T> {
  try {
    return await renew();
  } catch (error) {
    await shared.release().catch(() => undefined);
    throw error;
  }
}
