import { afterEach, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { RedisTokenStore } from '../../../lib/redis/index.js';
import { eventually } from '../../../sample/02-fleet/src/demo/eventually.js';
import {
  connectIoRedis,
  type OpenClient,
} from '../../support/redis-clients.js';
import {
  DEAD,
  HANGING,
  NO_SCRIPTS,
  READ_ONLY,
  type RedisFault,
} from '../../support/redis-faults.js';
import { useRedis } from '../../support/redis-hooks.js';
import {
  closeShops,
  openEmulator,
  openShop,
  type Shop,
} from '../../support/shop.js';
import { VirtualTime } from '../../support/virtual-time.js';

const SIZE = 4;
const CALLS = 20;

const FAULTS: [string, RedisFault][] = [
  ['dead', DEAD],
  ['hanging', HANGING],
  ['read-only', READ_ONLY],
  ['without permission to run scripts', NO_SCRIPTS],
];

/** Every instance calls at once; the statuses of all answers, each once. */
async function storm(shops: readonly Shop[]): Promise<number[]> {
  const calls = shops.flatMap(({ http }) =>
    Array.from({ length: CALLS }, () => http.axiosRef.get('/payments')),
  );
  const answers = await Promise.all(calls);
  return [...new Set(answers.map(({ status }) => status))];
}

describe(`When a token is revoked under ${SIZE} instances with ${CALLS} calls each, and Redis is`, () => {
  const redis = useRedis();
  let clients: OpenClient[];

  afterEach(async () => {
    await closeShops();
    for (const client of clients) client.close();
  });

  async function openFleet() {
    const time = new VirtualTime();
    const portone = await openEmulator({ clock: time.trueTime });
    clients = Array.from({ length: SIZE }, () => connectIoRedis(redis.url));
    const shops: Shop[] = [];
    for (const { client } of clients) {
      const store = new RedisTokenStore(client);
      shops.push(await openShop({ portone, time, options: { store } }));
    }
    portone.resetCalls();
    return { portone, time, shops };
  }

  it.each(FAULTS)(
    '%s, each instance logs in once and no call fails; when Redis is back, one token call serves all',
    async (_, { begin, end }) => {
      const { portone, time, shops } = await openFleet();
      await begin(redis);
      for (let minutes = 0; minutes < 3; minutes += 1) {
        portone.resetCalls();
        portone.revokeAccessTokens();
        expect(await storm(shops)).toEqual([200]);
        expect(portone.calls).toMatchObject({
          login: SIZE,
          refresh: 0,
          unauthorized: SIZE * CALLS,
        });
        await time.advance(60_000);
      }
      await end(redis);
      await eventually(() =>
        clients.every(({ client }) => (client as Redis).status === 'ready'),
      );
      portone.resetCalls();
      portone.revokeAccessTokens();
      expect(await storm(shops)).toEqual([200]);
      expect(portone.calls.tokens).toBe(1);
      expect(shops.map(({ tokens }) => tokens.snapshot().shared)).toEqual(
        shops.map(() => true),
      );
    },
  );
});
