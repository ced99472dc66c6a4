import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createClient, createClientPool, RESP_TYPES } from 'redis';
import { RedisTokenStore, type RedisClient } from '../../../lib/redis/index.js';
import { FleetInstance, quiet } from '../../support/fleet-instance.js';
import { useRedis } from '../../support/redis-hooks.js';

const redis = useRedis();

describe('The store shares a token through', () => {
  let keys = 0;

  /** One instance renews with the lock, and another instance adopts its record. */
  async function expectShared(client: RedisClient): Promise<void> {
    const store = new RedisTokenStore(client);
    const instance = new FleetInstance(store, `key-${(keys += 1)}`);
    const { sealed, generation } = await instance.update(quiet);
    expect(instance.renewals).toEqual([
      { current: undefined, exclusive: true },
    ]);
    const adopted = await new FleetInstance(store, instance.key).update();
    expect(adopted).toMatchObject({ sealed, generation });
  }

  it('a lazy client of ioredis, which connects with the first update', async () => {
    const client = new Redis(redis.url, { lazyConnect: true });
    await expectShared(client);
    client.disconnect();
  });

  it('a pool of node-redis', async () => {
    const pool = createClientPool({ url: redis.url });
    await pool.connect();
    await expectShared(pool);
    pool.destroy();
  });

  it.each([2, 3] as const)(
    'a client of node-redis that replies with buffers, over RESP %i',
    async (RESP) => {
      const client = createClient({ url: redis.url, RESP });
      await client.connect();
      await expectShared(
        client.withTypeMapping({
          [RESP_TYPES.BLOB_STRING]: Buffer,
          [RESP_TYPES.NUMBER]: String,
        }),
      );
      client.destroy();
    },
  );
});
