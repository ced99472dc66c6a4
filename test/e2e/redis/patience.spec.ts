import { beforeEach, describe, expect, it } from '@jest/globals';
import { RedisTokenStore } from '../../../lib/redis/index.js';
import { FleetInstance, quiet, urgent } from '../../support/fleet-instance.js';
import { timed } from '../../support/promises.js';
import { useRedis } from '../../support/redis-hooks.js';

const LOCK = 'nestjs-portone-auth:{key}:lock';
const withoutLock = { current: undefined, exclusive: false };

const redis = useRedis();

describe('A lock that another owner has for ten minutes', () => {
  let waiter: FleetInstance;

  beforeEach(async () => {
    const options = { pollMs: 20, lockMarginMs: 100 };
    waiter = new FleetInstance(
      new RedisTokenStore(redis.admin, options),
      'key',
    );
    await redis.admin.set(LOCK, 'another owner', 'PX', 600_000);
  });

  it('is waited for no longer than patienceMs, when callers wait', async () => {
    const situation = { ...urgent, timeoutMs: 20_000, patienceMs: 200 };
    const ms = await timed(() => waiter.update(situation));
    expect(ms).toBeGreaterThan(190);
    expect(ms).toBeLessThan(5_000);
    expect(waiter.renewals).toEqual([withoutLock]);
  });

  it('is waited for as long as an owner may hold it, when no caller waits; the next wait is shorter', async () => {
    const situation = { ...quiet, timeoutMs: 400 };
    const first = await timed(() => waiter.update(situation));
    expect(first).toBeGreaterThan(490);
    const second = await timed(() => waiter.update(situation));
    expect(second).toBeLessThan(first);
    expect(waiter.renewals).toEqual([withoutLock, withoutLock]);
    expect(waiter.store.trouble?.()).toContain('taken for longer');
  });

  it('is waited for no longer than an owner may hold it, even when its owner changes all the time', async () => {
    let owners = 0;
    const changing = setInterval(
      () => redis.admin.set(LOCK, `owner ${(owners += 1)}`, 'PX', 600_000),
      10,
    );
    await waiter.update({ ...quiet, timeoutMs: 400 });
    clearInterval(changing);
    expect(owners).toBeGreaterThan(1);
    expect(waiter.renewals).toEqual([withoutLock]);
  });
});
