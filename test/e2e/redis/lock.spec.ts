import { afterEach, describe, expect, it } from '@jest/globals';
import { RedisTokenStore } from '../../../lib/redis/index.js';
import { FleetInstance, quiet, urgent } from '../../support/fleet-instance.js';
import { deferred, eventually, timed } from '../../support/promises.js';
import { OPEN, type OpenClient } from '../../support/redis-clients.js';
import { useRedis } from '../../support/redis-hooks.js';

const recordKey = (key: string) => `nestjs-portone-auth:{${key}}:record`;
const lockKey = (key: string) => `nestjs-portone-auth:{${key}}:lock`;
const POLL_MS = 20;
const withLock = { current: undefined, exclusive: true };
const withoutLock = { current: undefined, exclusive: false };

const redis = useRedis();

describe.each(OPEN)('The lock of a renewal over %s', (library, open) => {
  let keys = 0;
  const clients: OpenClient[] = [];

  /** Opens the instances of a fleet, each with its own connection. */
  async function fleet(size: number, lockMarginMs = 100) {
    const key = `${library}-${(keys += 1)}`;
    const instances: FleetInstance[] = [];
    for (let i = 0; i < size; i += 1) {
      const opened = await open(redis.url);
      clients.push(opened);
      const options = { pollMs: POLL_MS, lockMarginMs };
      const store = new RedisTokenStore(opened.client, options);
      instances.push(new FleetInstance(store, key));
    }
    return instances as [FleetInstance, FleetInstance, ...FleetInstance[]];
  }

  /** Starts an update that holds the lock until the test settles `answer`. */
  async function hold(owner: FleetInstance, situation = quiet) {
    const began = deferred();
    const answer = deferred();
    const update = owner.update(situation, () => {
      began.resolve();
      return answer.promise;
    });
    await began.promise;
    return { answer, update };
  }

  afterEach(() => {
    for (const { close } of clients.splice(0)) close();
  });

  it('lets 50 updates at the same time from 10 clients make one renewal', async () => {
    const instances = await fleet(10);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => instances)
        .flat()
        .map((instance) => instance.update(urgent)),
    );
    expect(instances.flatMap(({ renewals }) => renewals)).toEqual([withLock]);
    expect(new Set(answers.map(({ sealed }) => sealed)).size).toBe(1);
  });

  it('of a crashed owner is waited for until it expires, when no caller waits for the token', async () => {
    const [owner, waiter] = await fleet(2, 100);
    await hold(owner, { ...quiet, timeoutMs: 200 });
    clients[0]?.close();
    const ms = await timed(() => waiter.update());
    expect(ms).toBeGreaterThan(150);
    expect(waiter.renewals).toEqual([withLock]);
    expect(waiter.seen).toBeGreaterThan(0);
  });

  it('of a crashed owner is waited for until the timeout at most, when callers wait', async () => {
    const [owner, waiter] = await fleet(2, 60_000);
    await hold(owner);
    clients[0]?.close();
    const ms = await timed(() => waiter.update(urgent));
    expect(ms).toBeGreaterThan(urgent.timeoutMs - 10);
    expect(ms).toBeLessThan(urgent.timeoutMs + 300);
    expect(waiter.renewals).toEqual([withoutLock]);
    expect(waiter.seen).toBe(0);
  });

  it('is polled at most twice as often as pollMs says', async () => {
    const [owner, waiter] = await fleet(2, 60_000);
    await hold(owner);
    let polls = 0;
    const isUrgent = () => (polls += 1) > 0;
    const ms = await timed(() => waiter.update({ timeoutMs: 300, isUrgent }));
    expect(polls).toBeGreaterThan(5);
    expect(polls).toBeLessThanOrEqual(ms / (POLL_MS / 2) + 2);
  });

  it('is waited for until one timeout after the wait becomes urgent', async () => {
    const [owner, waiter] = await fleet(2, 60_000);
    await hold(owner);
    let polls = 0;
    const ms = await timed(() =>
      waiter.update({ timeoutMs: 100, isUrgent: () => (polls += 1) > 5 }),
    );
    expect(polls).toBeGreaterThan(5);
    expect(ms).toBeLessThan(600);
    expect(waiter.renewals).toEqual([withoutLock]);
  });

  it('still allows a commit when the renewal took most of its time', async () => {
    const [owner] = await fleet(1, 200);
    const { generation, sealed } = await owner.update(
      { ...quiet, timeoutMs: 200 },
      () =>
        eventually(
          async () => (await redis.admin.pttl(lockKey(owner.key))) < 200,
        ),
    );
    expect(await owner.store.load(owner.key)).toMatchObject({
      sealed,
      generation,
    });
  });

  it('has expired for an owner that was paused: the owner writes nothing and gives the record of the next owner', async () => {
    const [late, next] = await fleet(2, 50);
    const { answer, update } = await hold(late, { ...quiet, timeoutMs: 50 });
    const committed = await next.update();
    answer.resolve();
    expect(await update).toMatchObject({
      sealed: committed.sealed,
      generation: committed.generation,
    });
    expect(late.renewals).toHaveLength(1);
    expect(await redis.admin.get(recordKey(late.key))).toBe(
      `${committed.generation} ${committed.sealed}`,
    );
  });

  it('has expired for an owner that was paused: the owner waits for the present owner', async () => {
    const [late, next] = await fleet(2, 50);
    const first = await hold(late, { ...quiet, timeoutMs: 50 });
    const second = await hold(next);
    first.answer.resolve();
    second.answer.resolve();
    const { sealed } = await second.update;
    expect((await first.update).sealed).toBe(sealed);
    expect(late.renewals).toHaveLength(1);
  });

  it('is released by an owner whose renewal failed, but not when another owner has it', async () => {
    const [late, next] = await fleet(2, 50);
    const first = await hold(late, { ...quiet, timeoutMs: 50 });
    const second = await hold(next);
    const holder = await redis.admin.get(lockKey(late.key));
    first.answer.reject(new Error('timed out'));
    await expect(first.update).rejects.toThrow('timed out');
    expect(await redis.admin.get(lockKey(late.key))).toBe(holder);
    second.answer.resolve();
    await second.update;
    expect(await redis.admin.exists(lockKey(late.key))).toBe(0);
  });

  it('is released when Redis grants it after its instance has renewed without it', async () => {
    const [late, next] = await fleet(2, 60_000);
    await Promise.all([late.store.load('any'), next.store.load('any')]);
    redis.server.pause();
    await late.update();
    expect(late.renewals).toEqual([withoutLock]);
    redis.server.resume();
    await next.update();
    expect(next.renewals).toEqual([withLock]);
  });

  it('is overwritten when it has no TTL, because the store sets no such lock', async () => {
    const [instance] = await fleet(1);
    await redis.admin.set(lockKey(instance.key), 'intruder');
    await instance.update();
    expect(instance.renewals).toEqual([withLock]);
  });

  it.each<[string, (key: string) => Promise<unknown>]>([
    ['a text', (key) => redis.admin.set(key, 'what is this', 'PX', 60_000)],
    ['a list', (key) => redis.admin.rpush(key, '1 a', '2 b')],
    [
      'a generation that cannot grow',
      (key) => redis.admin.set(key, `${2 ** 53} x`, 'PX', 60_000),
    ],
    [
      'a record that lives for ever',
      (key) => redis.admin.set(key, '9007199254740000 x'),
    ],
  ])(
    '%s under the key of the record counts as no record and is replaced',
    async (_, put) => {
      const [instance] = await fleet(1);
      await put(recordKey(instance.key));
      expect(await instance.store.load(instance.key)).toBeUndefined();
      const { sealed, generation } = await instance.update();
      expect(instance.renewals).toEqual([withLock]);
      expect(await instance.store.load(instance.key)).toMatchObject({
        sealed,
        generation,
      });
    },
  );

  it('lasts lockMarginMs longer than the timeout of the renewal; the record lasts as long as the access token', async () => {
    const [instance] = await fleet(1, 5_000);
    const { answer, update } = await hold(instance);
    const lockMs = await redis.admin.pttl(lockKey(instance.key));
    expect(lockMs).toBeLessThanOrEqual(quiet.timeoutMs + 5_000);
    expect(lockMs).toBeGreaterThan(quiet.timeoutMs + 4_000);
    answer.resolve();
    await update;
    const lifeMs = await redis.admin.pttl(recordKey(instance.key));
    expect(lifeMs).toBeLessThanOrEqual(60_000);
    expect(lifeMs).toBeGreaterThan(59_000);
  });
});
