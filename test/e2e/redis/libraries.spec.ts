import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  it,
} from '@jest/globals';
import { RedisTokenStore } from '../../../lib/redis/index.js';
import { FleetInstance, urgent } from '../../support/fleet-instance.js';
import { RedisCluster } from '../../support/redis-cluster.js';
import { useRedis } from '../../support/redis-hooks.js';
import {
  LIBRARIES,
  type AppClient,
  type ClientPlan,
} from '../../support/redis-libraries.js';
/** The ACL rules of the manual: only the store's keys and commands are allowed. */
const RULES = (keys: string) =>
  `on >secret resetkeys ~${keys} -@all +ping +info +client +eval +strlen +get +set +del +pttl +time`.split(
    ' ',
  );

const redis = useRedis();
let cluster: RedisCluster;
let keys = 0;
const open: AppClient[] = [];

beforeAll(async () => {
  cluster = await RedisCluster.start(3);
});
afterEach(() => {
  for (const { close } of open.splice(0)) close();
});
afterAll(() => cluster?.stop());

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

    /** One instance renews with the lock, and another instance adopts its record. Gives the key that they used. */
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

    /** The app reads its own keys, and gets the right values, while the store renews. */
    async function expectRightReplies(app: AppClient): Promise<void> {
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
      expect(
        await redis.admin.exists(`nestjs-portone-auth:{${key}}:record`),
      ).toBe(1);
    });

    it('shares through a cluster, whichever of its three nodes has the key', async () => {
      const app = await onCluster();
      for (let i = 0; i < 12; i += 1) await expectShared(app);
    });

    it('shares on a cluster after the slot of the key has moved to another node', async () => {
      const app = await onCluster();
      const key = await expectShared(app);
      await cluster.move(`nestjs-portone-auth:{${key}}:record`);
      const instance = new FleetInstance(new RedisTokenStore(app.client), key);
      // The first update adopts the record that moved, and the second one renews it on the new node.
      await instance.update(urgent);
      await instance.update(urgent);
      expect(instance.renewals).toEqual([
        { current: expect.stringMatching(/^sealed-/), exclusive: true },
      ]);
    });

    it('does not change the replies to commands of the app', async () => {
      await expectRightReplies(await connect());
    });

    it('does not change the replies to commands of the app on a cluster', async () => {
      await expectRightReplies(await onCluster());
    });

    it("shares as a Redis user that may only use the store's keys and commands", async () => {
      await redis.admin.acl(
        'SETUSER',
        'store',
        ...RULES('nestjs-portone-auth:*'),
      );
      const url = redis.url.replace('//', '//store:secret@');
      await expectShared(await connect({ urls: [url] }));
    });

    if (!hasKeyPrefix) return;

    it('does not change the replies to commands of the app with automatic pipelining', async () => {
      await expectRightReplies(await connect({ enableAutoPipelining: true }));
    });

    it('does not change the replies to commands of the app with automatic pipelining on a cluster', async () => {
      await expectRightReplies(await onCluster({ enableAutoPipelining: true }));
    });

    it('puts the key prefix of the client before its own prefix, so that an ACL for that prefix works', async () => {
      await redis.admin.acl('SETUSER', 'shop', ...RULES('shop:*'));
      const urls = [redis.url.replace('//', '//shop:secret@')];
      const key = await expectShared(
        await connect({ urls, keyPrefix: 'shop:' }),
      );
      const name = `shop:nestjs-portone-auth:{${key}}:record`;
      expect(await redis.admin.exists(name)).toBe(1);
    });

    it('puts the key prefix of the client before its own prefix on a cluster', async () => {
      const app = await onCluster({ keyPrefix: 'shop:' });
      const key = await expectShared(app);
      expect(await app.get(`nestjs-portone-auth:{${key}}:record`)).toMatch(
        /^\d+ sealed/,
      );
    });
  },
);
