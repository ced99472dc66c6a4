import type { Redis } from 'ioredis';
import { RedisTokenStore } from '../../lib/redis/index.js';
import type { IoRedisClient } from '../../lib/redis/redis-client.js';
import type {
  RenewedRecord,
  TokenRecord,
} from '../../lib/store/token-store.js';
import { deferred, eventually } from './promises.js';

/** The state of an instance's connection. In both bad states the client reports that the connection broke. */
export type Link = 'good' | 'loses commands' | 'loses replies';

interface Answered {
  readonly seen: number;
  readonly ownPairs: readonly number[];
  readonly record: TokenRecord;
}

/** One running update. It waits for the lock, or it renews and the test holds PortOne's answer back. */
interface Update {
  polls: number;
  wasCut: boolean;
  readonly ownPairs: number[];
  renewal?: { readonly exclusive: boolean; pair?: number } & ReturnType<
    typeof deferred<RenewedRecord>
  >;
}

class Instance {
  link: Link = 'good';
  seen = 0;
  update?: Update;
}

const situation = { timeoutMs: 60_000, isUrgent: () => false };

/** A fleet over a real Redis in which the test decides every step. When a step breaks a rule, `broken` names the rule. */
export class ModelFleet {
  readonly broken: string[] = [];
  readonly answers: Answered[] = [];
  /** Pairs that were renewed without the lock. No other instance may ever see them. */
  readonly unshared: number[] = [];
  readonly instances: Instance[];
  #holder?: Update;
  #pairs = 0;

  constructor(
    size: number,
    private readonly redis: Redis,
    readonly key: string,
  ) {
    this.instances = Array.from({ length: size }, () => new Instance());
  }

  get lockKey(): string {
    return `nestjs-portone-auth:{${this.key}}:lock`;
  }
  get recordKey(): string {
    return `nestjs-portone-auth:{${this.key}}:record`;
  }

  begin(at: number): void {
    const instance = this.#at(at);
    if (instance.update) return;
    const update: Update = {
      polls: 0,
      wasCut: instance.link !== 'good',
      ownPairs: [],
    };
    instance.update = update;
    const { seen } = instance;
    this.#storeOf(instance, update)
      .update(
        this.key,
        seen,
        (_, exclusive) => this.#renew(instance, update, exclusive),
        situation,
      )
      .then(
        (record) => {
          if (instance.update !== update) return;
          instance.seen = record.generation;
          this.answers.push({ seen, ownPairs: update.ownPairs, record });
        },
        (error: Error) => {
          if (error.message !== 'PortOne is down')
            this.broken.push(`an update failed: ${error.message}`);
        },
      )
      .finally(() => {
        if (instance.update === update) instance.update = undefined;
      });
  }

  /** PortOne issues a pair, but its answer has not arrived yet. */
  answer(at: number): void {
    const update = this.#at(at).update;
    if (!update?.renewal || update.renewal.pair) return;
    update.renewal.pair = this.#pairs += 1;
    update.ownPairs.push(update.renewal.pair);
  }

  /** The instance receives its pair and commits it. */
  deliver(at: number): void {
    this.answer(at);
    const update = this.#at(at).update;
    const renewal = update?.renewal;
    if (!update || !renewal?.pair) return;
    if (this.#holder !== update) this.unshared.push(renewal.pair);
    this.#leave(update);
    const sealed = `pair-${renewal.pair}`;
    renewal.resolve({ sealed, expiresInMs: 60_000 });
  }

  fail(at: number): void {
    const update = this.#at(at).update;
    const renewal = update?.renewal;
    if (!update || !renewal) return;
    this.#leave(update);
    renewal.reject(new Error('PortOne is down'));
  }

  /** The instance never does anything again. A new instance takes its place. */
  crash(at: number): void {
    const crashed = this.#at(at);
    crashed.link = 'loses commands';
    this.instances[at] = new Instance();
  }

  cut(at: number, link: Link): void {
    const instance = this.#at(at);
    instance.link = link;
    if (instance.update && link !== 'good') instance.update.wasCut = true;
  }

  async lose(what: 'lock' | 'record' | 'everything'): Promise<void> {
    if (what !== 'record') this.#holder = undefined;
    if (what !== 'lock') await this.redis.del(this.recordKey);
    if (what !== 'record') await this.redis.del(this.lockKey);
  }

  /** Waits until each update renews or waits for a lock that is taken. Throws if an update waits although no lock is taken. */
  async settle(): Promise<void> {
    const waiting = () =>
      this.instances.flatMap(({ update }) =>
        update && !update.renewal ? [update] : [],
      );
    await eventually(async () => {
      const before = waiting().map((update) => ({
        update,
        polls: update.polls,
      }));
      if (before.length === 0) return true;
      const holder = await this.redis.get(this.lockKey);
      if (holder === null) return false;
      await eventually(
        () =>
          before.every(({ update, polls }) => update.polls > polls + 1) ||
          waiting().length !== before.length,
      );
      return (
        waiting().length === before.length &&
        holder === (await this.redis.get(this.lockKey))
      );
    });
  }

  #at(at: number): Instance {
    return this.instances[at] as Instance;
  }

  #leave(update: Update): void {
    update.renewal = undefined;
    if (this.#holder === update) this.#holder = undefined;
  }

  #renew(
    instance: Instance,
    update: Update,
    exclusive: boolean,
  ): Promise<RenewedRecord> {
    const renewal = { exclusive, ...deferred<RenewedRecord>() };
    if (instance.update !== update || !this.instances.includes(instance))
      return renewal.promise;
    update.renewal = renewal;
    if (exclusive && this.#holder)
      this.broken.push('two instances renew under one lock');
    if (exclusive) this.#holder = update;
    else if (!update.wasCut)
      this.broken.push('an instance renews without the lock');
    return renewal.promise;
  }

  #storeOf(instance: Instance, update: Update): RedisTokenStore {
    const { redis } = this;
    const client: IoRedisClient = {
      status: 'ready',
      async call(command, ...args) {
        update.polls += 1;
        if (instance.link === 'loses commands') throw new Error('broken');
        const reply: unknown = await redis.call(command, ...args);
        if (instance.link === 'loses replies') throw new Error('broken');
        return reply;
      },
    };
    return new RedisTokenStore(client, { pollMs: 2 });
  }
}
