import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  it,
} from '@jest/globals';
import { Redis } from 'ioredis';
import { RedisTokenStore } from '../../../lib/redis/index.js';
import {
  deferred,
  eventually,
  FleetInstance,
  quiet,
  timed,
  urgent,
} from '../../support/fleet-instance.js';
import { OPEN, type OpenClient } from '../../support/redis-clients.js';
import { RedisServer } from '../../support/redis-server.js';

const recordKey = (key: string) => `nestjs-portone-auth:{${key}}:record`;
const lockKey = (key: string) => `nestjs-portone-auth:{${key}}:lock`;
const POLL_MS = 20;
const exclusively = { current: undefined, exclusive: true };
const alone = { current: undefined, exclusive: false };

describe.each(OPEN)('The lock of a renewal over %s', (library, open) => {
  let redis: RedisServer;
  let admin: Redis;
  let keys = 0;
  const clients: OpenClient[] = [];

  /** Instances of one fleet, each with its own connection. */
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

  /** An update that holds the lock until its answer is there. */
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

  beforeAll(async () => {
    redis = await RedisServer.start();
    admin = new Redis(redis.url);
  });
  afterEach(() => {
    for (const { close } of clients.splice(0)) close();
  });
  afterAll(async () => {
    admin?.disconnect();
    await redis?.stop();
  });

  it('50 updates at once from 10 clients are one renewal', async () => {
    const instances = await fleet(10);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => instances)
        .flat()
        .map((instance) => instance.update(urgent)),
    );
    expect(instances.flatMap(({ renewals }) => renewals)).toEqual([
      exclusively,
    ]);
    expect(new Set(answers.map(({ sealed }) => sealed)).size).toBe(1);
  });

  it('an owner that died is waited for until its lock runs out, when no caller needs the token yet', async () => {
    const [owner, waiter] = await fleet(2, 100);
    await hold(owner, { ...quiet, timeoutMs: 200 });
    clients[0]?.close();
    const ms = await timed(() => waiter.update());
    expect(ms).toBeGreaterThan(150);
    expect(waiter.renewals).toEqual([exclusively]);
    expect(waiter.seen).toBeGreaterThan(0);
  });

  it('an owner that died is waited for at most the timeout, when callers wait', async () => {
    const [owner, waiter] = await fleet(2, 60_000);
    await hold(owner);
    clients[0]?.close();
    const ms = await timed(() => waiter.update(urgent));
    expect(ms).toBeGreaterThan(urgent.timeoutMs - 10);
    expect(ms).toBeLessThan(urgent.timeoutMs + 300);
    expect(waiter.renewals).toEqual([alone]);
    expect(waiter.seen).toBe(0);
  });

  it('an instance that waits looks twice as often as it was told, at most', async () => {
    const [owner, waiter] = await fleet(2, 60_000);
    await hold(owner);
    let looks = 0;
    const isUrgent = () => (looks += 1) > 0;
    const ms = await timed(() => waiter.update({ timeoutMs: 300, isUrgent }));
    expect(looks).toBeGreaterThan(5);
    expect(looks).toBeLessThanOrEqual(ms / (POLL_MS / 2) + 2);
  });

  it('a wait that becomes urgent ends a timeout later', async () => {
    const [owner, waiter] = await fleet(2, 60_000);
    await hold(owner);
    let polls = 0;
    const ms = await timed(() =>
      waiter.update({ timeoutMs: 100, isUrgent: () => (polls += 1) > 5 }),
    );
    expect(polls).toBeGreaterThan(5);
    expect(ms).toBeLessThan(600);
    expect(waiter.renewals).toEqual([alone]);
  });

  it('a renewal that took most of its lock is shared all the same', async () => {
    const [owner] = await fleet(1, 200);
    const { generation, sealed } = await owner.update(
      { ...quiet, timeoutMs: 200 },
      () =>
        eventually(async () => (await admin.pttl(lockKey(owner.key))) < 200),
    );
    expect(await owner.store.load(owner.key)).toMatchObject({
      sealed,
      generation,
    });
  });

  it('an owner paused beyond its lock writes nothing and answers with the record of the next one', async () => {
    const [late, next] = await fleet(2, 50);
    const { answer, update } = await hold(late, { ...quiet, timeoutMs: 50 });
    const committed = await next.update();
    answer.resolve();
    expect(await update).toMatchObject({
      sealed: committed.sealed,
      generation: committed.generation,
    });
    expect(late.renewals).toHaveLength(1);
    expect(await admin.get(recordKey(late.key))).toBe(
      `${committed.generation} ${committed.sealed}`,
    );
  });

  it('an owner paused beyond its lock waits for the one that holds it now', async () => {
    const [late, next] = await fleet(2, 50);
    const first = await hold(late, { ...quiet, timeoutMs: 50 });
    const second = await hold(next);
    first.answer.resolve();
    second.answer.resolve();
    const { sealed } = await second.update;
    expect((await first.update).sealed).toBe(sealed);
    expect(late.renewals).toHaveLength(1);
  });

  it('an owner that failed gives back its own lock, not the next one', async () => {
    const [late, next] = await fleet(2, 50);
    const first = await hold(late, { ...quiet, timeoutMs: 50 });
    const second = await hold(next);
    const holder = await admin.get(lockKey(late.key));
    first.answer.reject(new Error('timed out'));
    await expect(first.update).rejects.toThrow('timed out');
    expect(await admin.get(lockKey(late.key))).toBe(holder);
    second.answer.resolve();
    await second.update;
    expect(await admin.exists(lockKey(late.key))).toBe(0);
  });

  it('a lock taken late, when its instance had gone on alone, is given back', async () => {
    const [ghost, next] = await fleet(2, 60_000);
    await Promise.all([ghost.store.load('any'), next.store.load('any')]);
    redis.pause();
    await ghost.update();
    expect(ghost.renewals).toEqual([alone]);
    redis.resume();
    await next.update();
    expect(next.renewals).toEqual([exclusively]);
  });

  it('a lock without a TTL, which was not set here, does not hold for ever', async () => {
    const [instance] = await fleet(1);
    await admin.set(lockKey(instance.key), 'intruder');
    await instance.update();
    expect(instance.renewals).toEqual([exclusively]);
  });

  it.each<[string, (key: string) => Promise<unknown>]>([
    ['a text', (key) => admin.set(key, 'what is this', 'PX', 60_000)],
    ['a list', (key) => admin.rpush(key, '1 a', '2 b')],
    [
      'a generation that cannot grow',
      (key) => admin.set(key, `${2 ** 53} x`, 'PX', 60_000),
    ],
    [
      'a record that lives for ever',
      (key) => admin.set(key, '9007199254740000 x'),
    ],
  ])('%s in place of a record is a miss and gets replaced', async (_, put) => {
    const [instance] = await fleet(1);
    await put(recordKey(instance.key));
    expect(await instance.store.load(instance.key)).toBeUndefined();
    const { sealed, generation } = await instance.update();
    expect(instance.renewals).toEqual([exclusively]);
    expect(await instance.store.load(instance.key)).toMatchObject({
      sealed,
      generation,
    });
  });

  it('the record lives in Redis as long as its access token, and the lock a margin longer than the renewal', async () => {
    const [instance] = await fleet(1, 5_000);
    const { answer, update } = await hold(instance);
    const lockMs = await admin.pttl(lockKey(instance.key));
    expect(lockMs).toBeLessThanOrEqual(quiet.timeoutMs + 5_000);
    expect(lockMs).toBeGreaterThan(quiet.timeoutMs + 4_000);
    answer.resolve();
    await update;
    const lifeMs = await admin.pttl(recordKey(instance.key));
    expect(lifeMs).toBeLessThanOrEqual(60_000);
    expect(lifeMs).toBeGreaterThan(59_000);
  });
});
