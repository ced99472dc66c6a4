import { randomUUID } from 'node:crypto';
import {
  agedBy,
  type RecordStamp,
  type RenewedRecord,
  type TokenRecord,
} from '../store/token-store.js';
import { elapsed, systemClock } from '../time/clock.js';
import { askRedis, type Patience } from './ask-redis.js';
import { UnexpectedReply } from './redis-errors.js';
import type { RedisConnection, ScriptKeys } from './redis-connection.js';
import { SCRIPTS } from './redis-scripts.js';
import { within } from './within.js';

/** The longest wait for Redis while there is a usable token, in ms. */
const PATIENCE_MS = 250;

const PATIENCE: Patience = { ms: PATIENCE_MS, isAwaited: false };

/**
 * The lock must last this much longer when a commit is sent, in ms. With less time left, Redis might write the record after
 * this instance has stopped waiting for the reply and has counted the commit as lost.
 */
const COMMIT_MARGIN_MS = PATIENCE_MS / 2;

/** The answer to an instance that wants to renew. */
export type Turn =
  /** The store has a newer record, so no renewal is needed. */
  | { readonly state: 'newer'; readonly record: TokenRecord }
  /** There is no newer record, and another instance has the lock. */
  | { readonly state: 'taken'; readonly owner: string }
  /** This instance has the lock and renews. */
  | {
      readonly state: 'acquired';
      readonly record: TokenRecord | undefined;
      readonly stamp: RecordStamp;
    };

/** The record and the lock of one key, as one update uses them. Every method rejects when Redis does not answer in time. */
export class RecordAndLock {
  readonly #owner = randomUUID();
  readonly #keys: ScriptKeys;
  #askedAt = 0;

  /** @param lockMs how long the lock lasts when its owner does not release it, in ms */
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
    return recordOf(asList(await this.#ask('load', [], PATIENCE)));
  }

  /** Gives a record newer than generation `seen`, else takes the lock if it is free. Redis does both in one step. */
  async acquire(seen: number, patience = PATIENCE): Promise<Turn> {
    const asked = systemClock.now();
    this.#askedAt = asked.monotonic;
    const args = [String(seen), this.#owner, String(this.lockMs)];
    const [state, ...fields] = asList(
      await this.#ask('acquire', args, patience, this.#releaseLater),
    );
    if (String(state) === 'taken')
      return { state: 'taken', owner: String(fields[0]) };
    const record = recordOf(fields);
    if (String(state) === 'acquired') {
      const [, , , storeTimeMs, generation] = fields.map(Number);
      return {
        state: 'acquired',
        record,
        stamp: {
          generation: generation ?? seen + 1,
          storeTimeMs: storeTimeMs ?? 0,
        },
      };
    }
    if (String(state) !== 'newer') throw new UnexpectedReply();
    // A busy process may read the reply late. The caller counts the life from now, so the time since the request is subtracted.
    const aged = record && agedBy(record, elapsed(systemClock, asked));
    return aged && aged.expiresInMs > 0
      ? { state: 'newer', record: aged }
      : { state: 'taken', owner: '' };
  }

  /** Gives the generation of the written record; undefined when the lock was lost and nothing was written. */
  async commit(
    { generation }: RecordStamp,
    { sealed, expiresInMs }: RenewedRecord,
  ): Promise<number | undefined> {
    const heldMs = performance.now() - this.#askedAt;
    const args = [
      this.#owner,
      String(Math.floor(this.lockMs - heldMs - COMMIT_MARGIN_MS)),
      String(generation),
      sealed,
      String(Math.max(1, Math.floor(expiresInMs))),
    ];
    const committed = await this.#ask(
      'commit',
      args,
      PATIENCE,
      this.#releaseLater,
    );
    return committed === null ? undefined : Number(committed);
  }

  /** Releases this owner's lock. It never removes another owner's lock, so it does no harm when Redis runs it late. */
  async release(): Promise<void> {
    await within(PATIENCE_MS, this.#send('release', [this.#owner]));
  }

  readonly #releaseLater = (): void => {
    this.release().catch(() => undefined);
  };

  #ask(
    script: keyof typeof SCRIPTS,
    args: readonly string[],
    patience: Patience,
    whenGivenUp?: () => void,
  ): Promise<unknown> {
    return askRedis(
      this.connection,
      () => this.#send(script, args),
      patience,
      whenGivenUp,
    );
  }

  async #send(
    script: keyof typeof SCRIPTS,
    args: readonly string[],
  ): Promise<unknown> {
    return this.connection.evaluate(SCRIPTS[script], this.#keys, args);
  }
}

const asList = (reply: unknown): unknown[] =>
  Array.isArray(reply) ? reply : [];

/** Converts each field, because the app may have set its client to reply with buffers or other types. */
function recordOf([generation, sealed, ttl, storeTimeMs]: unknown[]):
  TokenRecord | undefined {
  if (generation === undefined || generation === null) return undefined;
  if (Number.isNaN(Number(generation)) || Number.isNaN(Number(ttl)))
    throw new UnexpectedReply();
  return {
    generation: Number(generation),
    sealed: String(sealed),
    expiresInMs: Number(ttl),
    ...(storeTimeMs !== undefined && { storeTimeMs: Number(storeTimeMs) }),
  };
}
