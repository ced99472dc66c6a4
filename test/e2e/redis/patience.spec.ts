import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
} from '@jest/globals';
import { Redis } from 'ioredis';
import { RedisTokenStore } from '../../../lib/redis/index.js';
import {
  FleetInstance,
  quiet,
  timed,
  urgent,
} from '../../support/fleet-instance.js';
import { RedisServer } from '../../support/redis-server.js';

const LOCK = 'nestjs-portone-auth:{key}:lock';
const alone = { current: undefined, exclusive: false };

describe('A lock that another owner has for ten minutes', () => {
  let redis: RedisServer;
  let client: Redis;
  let waiter: FleetInstance;

  beforeAll(async () => {
    redis = await RedisServer.start();
    client = new Redis(redis.url);
  });
  afterAll(async () => {
    client?.disconnect();
    await redis?.stop();
  });
  beforeEach(async () => {
    const options = { pollMs: 20, lockMarginMs: 100 };
    waiter = new FleetInstance(new RedisTokenStore(client, options), 'key');
    await client.set(LOCK, 'another owner', 'PX', 600_000);
  });

  it('is waited for no longer than callers have patience', async () => {
    const situation = { ...urgent, timeoutMs: 20_000, patienceMs: 200 };
    const ms = await timed(() => waiter.update(situation));
    expect(ms).toBeGreaterThan(190);
    expect(ms).toBeLessThan(5_000);
    expect(waiter.renewals).toEqual([alone]);
  });

  it('is waited for as long as an owner may hold it, when no caller waits, and only once', async () => {
    const situation = { ...quiet, timeoutMs: 400 };
    const first = await timed(() => waiter.update(situation));
    expect(first).toBeGreaterThan(490);
    const second = await timed(() => waiter.update(situation));
    expect(second).toBeLessThan(first);
    expect(waiter.renewals).toEqual([alone, alone]);
    expect(waiter.store.trouble?.()).toContain('taken for longer');
  });

  it('is waited for no longer when its owner changes all the time', async () => {
    let owners = 0;
    const changing = setInterval(
      () => client.set(LOCK, `owner ${(owners += 1)}`, 'PX', 600_000),
      10,
    );
    await waiter.update({ ...quiet, timeoutMs: 400 });
    clearInterval(changing);
    expect(owners).toBeGreaterThan(1);
    expect(waiter.renewals).toEqual([alone]);
  });
});
