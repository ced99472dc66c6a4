import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisTokenStore } from '../../../lib/redis/index.js';
import { SCRIPTS } from '../../../lib/redis/redis-scripts.js';
import { FleetInstance } from '../../support/fleet-instance.js';
import { OPEN, type OpenClient } from '../../support/redis-clients.js';
import { RedisMonitor } from '../../support/redis-monitor.js';
import { useRedis } from '../../support/redis-hooks.js';

const redis = useRedis();

describe.each(OPEN)('What Redis receives from a fleet over %s', (key, open) => {
  let monitor: RedisMonitor;
  const clients: OpenClient[] = [];
  const fleet: FleetInstance[] = [];

  beforeAll(async () => {
    for (let i = 0; i < 3; i += 1) {
      const opened = await open(redis.url);
      clients.push(opened);
      fleet.push(new FleetInstance(new RedisTokenStore(opened.client), key));
    }
    monitor = await RedisMonitor.start(redis.url);
  });
  afterAll(async () => {
    monitor?.close();
    for (const { close } of clients) close();
  });

  it('is only scripts, keys, numbers, owner ids and the sealed pairs', async () => {
    const [owner, ...others] = fleet as [FleetInstance, ...FleetInstance[]];
    const sealed: string[] = [];
    for (let cycle = 0; cycle < 3; cycle += 1) {
      sealed.push((await owner.update()).sealed);
      for (const other of others) await other.update();
      await owner.store.load(key);
    }
    const known = [
      ...Object.values(SCRIPTS).map((lua) => lua.replaceAll('\n', '\\n')),
      `nestjs-portone-auth:{${key}}:record`,
      `nestjs-portone-auth:{${key}}:lock`,
    ];
    const isNumberOrOwner = /^(\d+|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/;
    const unknownArguments = (await monitor.take('eval'))
      .flatMap(([, ...args]) => args)
      .filter((arg) => !known.includes(arg) && !isNumberOrOwner.test(arg));
    expect(unknownArguments).toEqual(sealed);
  });

  it('is two commands from the instance that renews, and one from each instance that adopts', async () => {
    const [owner, ...others] = fleet as [FleetInstance, ...FleetInstance[]];
    const evals = () => monitor.take('eval');
    await evals();
    await owner.update();
    expect(await evals()).toHaveLength(2);
    for (const other of others) {
      const { generation } = await other.update();
      expect(generation).toBe(owner.seen);
      expect(await evals()).toHaveLength(1);
    }
  });
});
