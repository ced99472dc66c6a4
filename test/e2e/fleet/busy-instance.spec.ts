import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisTokenStore } from '../../../lib/redis/index.js';
import { FleetInstance } from '../../support/fleet-instance.js';
import { OPEN, type OpenClient } from '../../support/redis-clients.js';
import { RedisServer } from '../../support/redis-server.js';

/** Longer than a `load` waits for Redis. */
const BUSY_MS = 400;

describe.each(OPEN)('An instance with a busy processor, over %s', (_, open) => {
  let redis: RedisServer;
  let client: OpenClient;

  beforeAll(async () => {
    redis = await RedisServer.start();
    client = await open(redis.url);
  });
  afterAll(async () => {
    client?.close();
    await redis?.stop();
  });

  it('does not take its own slowness for that of Redis', async () => {
    const instance = new FleetInstance(new RedisTokenStore(client.client), 'k');
    await instance.update();
    const loading = instance.store.load('k');
    // The command must be on its way before the event loop is blocked.
    await new Promise((resolve) => setImmediate(resolve));
    const busyUntil = performance.now() + BUSY_MS;
    while (performance.now() < busyUntil);
    expect((await loading)?.generation).toBe(instance.seen);
  });
});
