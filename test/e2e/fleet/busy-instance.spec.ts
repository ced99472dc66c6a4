import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisTokenStore } from '../../../lib/redis/index.js';
import { FleetInstance } from '../../support/fleet-instance.js';
import { OPEN, type OpenClient } from '../../support/redis-clients.js';
import { useRedis } from '../../support/redis-hooks.js';

/** Longer than load() waits for Redis. */
const BUSY_MS = 400;

const redis = useRedis();

describe.each(OPEN)('An instance with a busy processor, over %s', (_, open) => {
  let client: OpenClient;

  beforeAll(async () => {
    client = await open(redis.url);
  });
  afterAll(() => client?.close());

  it('accepts a reply of Redis that arrived in time, even when it reads the reply late', async () => {
    const instance = new FleetInstance(new RedisTokenStore(client.client), 'k');
    await instance.update();
    const loading = instance.store.load('k');
    // The command must be sent before the event loop is blocked.
    await new Promise((resolve) => setImmediate(resolve));
    const busyUntil = performance.now() + BUSY_MS;
    while (performance.now() < busyUntil);
    expect((await loading)?.generation).toBe(instance.seen);
  });
});
