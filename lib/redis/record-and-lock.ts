import { randomUUID } from 'node:crypto';
import type { RenewedRecord, TokenRecord } from '../store/token-store.js';
import { elapsed, systemClock } from '../time/clock.js';
import { askRedis } from './ask-redis.js';
import type { RedisConnection } from './redis-connection.js';
import { SCRIPTS } from './redis-scripts.js';
import { within } from './within.js';

/** With a usable token nothing waits longer for Redis, in ms. */
const PATIENCE_MS = 250;

/** What is left of the patience belongs to the reply: a commit that is written late would be taken for lost. */
const COMMIT_ARRIVES_MS = PATIENCE_MS / 2;

/** The answer to somebody who wants to renew. `taken`: nothing to adopt and not your turn, ask again. */
export type Turn =
  | { readonly state: 'newer'; readonly record: TokenRecord }
  | { readonly state: 'taken' }
  | { readonly state: 'acquired'; readonly record: TokenRecord | undefined };

/** One key in Redis, as one update sees it. Everything rejects when Redis does not do it in time. */
export class RedisChain {
  readonly #owner = randomUUID();
  readonly #keys: readonly [record: string, lock: string];
  #askedAt = 0;

  /** @param lockMs how long the lock lives when its owner does not give it back */
  constructor(
    private readonly connection: RedisConnection,
    prefix: string,
    key: string,
    private readonly lockMs: number,
  ) {
    // The braces keep both keys on one slot of a cluster.
    this.#keys = [`${prefix}{${key}}:record`, `${prefix}{${key}}:lock`];
  }

  async load(): Promise<TokenRecord | undefined> {
    return recordOf(await this.#ask('load', [], PATIENCE_MS));
  }

  /** A record newer than `seen`, or the lock if it is free: decided in one step, so nothing is to be looked at again. */
  async acquire(seen: number, patienceMs = PATIENCE_MS): Promise<Turn> {
    const asked = systemClock.now();
    this.#askedAt = asked.monotonic;
    const args = [String(seen), this.#owner, String(this.lockMs)];
    const [state, ...fields] = asList(
      await this.#ask('acquire', args, patienceMs, this.#releaseLater),
    );
    const record = recordOf(fields);
    if (String(state) === 'acquired') return { state: 'acquired', record };
    if (!record) return { state: 'taken' };
    // The reply may have lain unread for long, and whoever adopts the token counts from now.
    const expiresInMs = record.expiresInMs - elapsed(systemClock, asked);
    if (expiresInMs <= 0) return { state: 'taken' };
    return { state: 'newer', record: { ...record, expiresInMs } };
  }

  /** The generation the record got; undefined when the lock was lost and nothing is written. */
  async commit(
    seen: number,
    { sealed, expiresInMs }: RenewedRecord,
  ): Promise<number | undefined> {
    const heldMs = performance.now() - this.#askedAt;
    const args = [
      this.#owner,
      String(Math.floor(this.lockMs - heldMs - COMMIT_ARRIVES_MS)),
      String(seen),
      sealed,
      String(Math.max(1, Math.floor(expiresInMs))),
    ];
    const generation = await this.#ask(
      'commit',
      args,
      PATIENCE_MS,
      this.#releaseLater,
    );
    return generation === null ? undefined : Number(generation);
  }

  /** Gives the lock back; without effect on somebody else's, so it may wait in the client's queue and come late. */
  async release(): Promise<void> {
    await within(PATIENCE_MS, this.#send('release', [this.#owner]));
  }

  readonly #releaseLater = (): void => {
    this.release().catch(() => undefined);
  };

  #ask(
    script: keyof typeof SCRIPTS,
    args: readonly string[],
    patienceMs: number,
    whenGivenUp?: () => void,
  ): Promise<unknown> {
    return askRedis(
      this.connection,
      () => this.#send(script, args),
      patienceMs,
      whenGivenUp,
    );
  }

  async #send(
    script: keyof typeof SCRIPTS,
    args: readonly string[],
  ): Promise<unknown> {
    const command = ['EVAL', SCRIPTS[script], '2', ...this.#keys, ...args];
    return this.connection.send(this.#keys[0], command);
  }
}

const asList = (reply: unknown): unknown[] =>
  Array.isArray(reply) ? reply : [];

/** Clients may be told to reply with buffers or other types. */
function recordOf(reply: unknown): TokenRecord | undefined {
  const [generation, sealed, ttl] = asList(reply);
  if (generation === undefined || generation === null) return undefined;
  return {
    generation: Number(generation),
    sealed: String(sealed),
    expiresInMs: Number(ttl),
  };
}
