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
import { FleetInstance, urgent } from '../../support/fleet-instance.js';
import { RedisCluster } from '../../support/redis-cluster.js';
import {
  LIBRARIES,
  type AppClient,
  type ClientPlan,
} from '../../support/redis-libraries.js';
import { RedisServer } from '../../support/redis-server.js';

/** What an app's ACL allows for the manual's line: the store's keys and commands, nothing else. */
const RULES = (keys: string) =>
  `on >secret resetkeys ~${keys} -@all +ping +info +client +eval +strlen +get +set +del +pttl +time`.split(
    ' ',
  );

let redis: RedisServer;
let admin: Redis;
let cluster: RedisCluster;
let keys = 0;
const open: AppClient[] = [];

beforeAll(async () => {
  redis = await RedisServer.start();
  admin = new Redis(redis.url);
  cluster = await RedisCluster.start(3);
});
afterEach(() => {
  for (const { close } of open.splice(0)) close();
});
afterAll(async () => {
  admin?.disconnect();
  await redis?.stop();
  await cluster?.stop();
});

describe.each(LIBRARIES)(
  'The store over $name',
  ({ open: openWith, hasKeyPrefix }) => {
    const connect = async (plan: Partial<ClientPlan> = {}) => {
      const app = await openWith({ urls: [redis.url], ...plan });
      open.push(app);
      return app;
    };
    const onCluster = (plan: Partial<ClientPlan> = {}) =>
      connect({ urls: cluster.urls, isCluster: true, ...plan });

    /** One instance renews under the lock, another adopts its record; the key that they used. */
    async function expectShared({ client }: AppClient): Promise<string> {
      const store = new RedisTokenStore(client);
      const key = `key-${(keys += 1)}`;
      const instance = new FleetInstance(store, key);
      const { sealed, generation } = await instance.update(urgent);
      expect(instance.renewals).toEqual([
        { current: undefined, exclusive: true },
      ]);
      const adopted = await new FleetInstance(store, key).update();
      expect(adopted).toMatchObject({ sealed, generation });
      return key;
    }

    /** The app reads its own keys all the while the store is at work. */
    async function expectUnharmed(app: AppClient): Promise<void> {
      const names = Array.from({ length: 40 }, (_, i) => `app-${i}`);
      await Promise.all(names.map((name) => app.set(name, `value of ${name}`)));
      const store = new RedisTokenStore(app.client);
      const renewing = Array.from({ length: 20 }, async (_, i) => {
        const instance = new FleetInstance(store, `beside-${i}`);
        for (let renewal = 0; renewal < 5; renewal += 1)
          await instance.update(urgent);
      });
      const reads: Promise<unknown>[] = [];
      let isRenewing = true;
      const reading = (async () => {
        while (isRenewing) {
          reads.push(...names.map((name) => app.get(name).catch(String)));
          await new Promise(setImmediate);
          await Promise.all(reads.slice(-names.length));
        }
      })();
      await Promise.all(renewing).finally(() => (isRenewing = false));
      await reading;
      const wrong = (await Promise.all(reads)).filter(
        (value, i) => value !== `value of ${names[i % names.length]}`,
      );
      expect(wrong).toEqual([]);
      expect(reads.length).toBeGreaterThan(names.length);
    }

    it('shares through one server', async () => {
      const key = await expectShared(await connect());
      expect(await admin.exists(`nestjs-portone-auth:{${key}}:record`)).toBe(1);
    });

    it('shares through a cluster of three nodes, whichever has the key', async () => {
      const app = await onCluster();
      for (let i = 0; i < 12; i += 1) await expectShared(app);
    });

    it('does no harm to the commands of the app', async () => {
      await expectUnharmed(await connect());
    });

    it('does no harm to the commands of the app on a cluster', async () => {
      await expectUnharmed(await onCluster());
    });

    it("shares as a user that may touch nothing but the store's keys", async () => {
      await admin.acl('SETUSER', 'store', ...RULES('nestjs-portone-auth:*'));
      const url = redis.url.replace('//', '//store:secret@');
      await expectShared(await connect({ urls: [url] }));
    });

    if (!hasKeyPrefix) return;

    it('does no harm when commands are pipelined by themselves', async () => {
      await expectUnharmed(await connect({ enableAutoPipelining: true }));
    });

    it('does no harm when commands are pipelined by themselves on a cluster', async () => {
      await expectUnharmed(await onCluster({ enableAutoPipelining: true }));
    });

    it('puts the key prefix of the client before its own, as an ACL may demand', async () => {
      await admin.acl('SETUSER', 'shop', ...RULES('shop:*'));
      const urls = [redis.url.replace('//', '//shop:secret@')];
      const key = await expectShared(
        await connect({ urls, keyPrefix: 'shop:' }),
      );
      const name = `shop:nestjs-portone-auth:{${key}}:record`;
      expect(await admin.exists(name)).toBe(1);
    });

    it('puts the key prefix before its own on a cluster too', async () => {
      const app = await onCluster({ keyPrefix: 'shop:' });
      const key = await expectShared(app);
      expect(await app.get(`nestjs-portone-auth:{${key}}:record`)).toMatch(
        /^\d+ sealed/,
      );
    });
  },
);
