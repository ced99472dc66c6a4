import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
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
import { CONNECT, type OpenClient } from '../../support/redis-clients.js';
import { FAULTS, FULL } from '../../support/redis-faults.js';
import { RedisServer } from '../../support/redis-server.js';

/** 250 ms are allowed; the rest is for a busy machine. */
const SOON_MS = 500;
const LOCK_MARGIN_MS = 200;
const LOCK_MS = quiet.timeoutMs + LOCK_MARGIN_MS;
const alone = { current: undefined, exclusive: false };

describe.each(CONNECT)(
  "RedisTokenStore over %s on Redis's bad days",
  (_, connect) => {
    let redis: RedisServer;
    let admin: Redis;
    const clients: OpenClient[] = [];
    let keys = 0;

    const open = (url = redis.url) => {
      const opened = connect(url);
      clients.push(opened);
      return new RedisTokenStore(opened.client, {
        pollMs: 20,
        lockMarginMs: LOCK_MARGIN_MS,
      });
    };
    const connected = async () => {
      const instance = new FleetInstance(open(), `key-${(keys += 1)}`);
      await eventually(() =>
        instance.store.load('any').then(
          () => true,
          () => false,
        ),
      );
      return instance;
    };
    const isShared = async (instance: FleetInstance) => {
      const { seen } = instance;
      return (await instance.update()).generation > seen;
    };

    beforeAll(async () => {
      redis = await RedisServer.start();
      admin = new Redis(redis.url, {
        retryStrategy: () => 20,
        disconnectTimeout: 50,
      });
      admin.on('error', () => undefined);
    });
    beforeEach(() => redis.restart());
    afterEach(() => {
      for (const { close } of clients.splice(0)) close();
    });
    afterAll(async () => {
      admin?.disconnect();
      await redis?.stop();
    });

    describe.each(FAULTS)('%s', (name, { begin, end }) => {
      it('before a renewal: it is done alone, soon, and shared again when that is over', async () => {
        const instance = await connected();
        await instance.update();
        const { seen } = instance;
        await begin(redis, admin);
        const ms = await timed(() => instance.update());
        expect(ms).toBeLessThan(SOON_MS);
        expect(instance.renewals.slice(1)).toEqual([alone]);
        expect(instance.seen).toBe(seen);
        await end(redis, admin);
        await eventually(() => isShared(instance));
        expect(instance.renewals.at(-1)?.exclusive).toBe(true);
      });

      it('while PortOne answers: the new pair is kept, unshared', async () => {
        const instance = await connected();
        await instance.update();
        const { seen } = instance;
        let brokenAt = 0;
        const record = await instance.update(quiet, async () => {
          await begin(redis, admin);
          brokenAt = performance.now();
        });
        expect(performance.now() - brokenAt).toBeLessThan(SOON_MS);
        expect(record).toMatchObject({ generation: seen, expiresInMs: 60_000 });
        expect(instance.renewals).toHaveLength(2);
        await end(redis, admin);
        await eventually(() => isShared(instance));
        const shared = await instance.store.load(instance.key);
        expect(shared?.sealed).not.toBe(record.sealed);
      });

      it('while waiting for another instance: it goes on alone, soon', async () => {
        const [owner, waiter] = [await connected(), await connected()];
        const answer = deferred();
        const began = deferred();
        const owning = owner.update(quiet, () => {
          began.resolve();
          return answer.promise;
        });
        await began.promise;
        let polls = 0;
        const isUrgent = () => (polls += 1) < 0;
        const waiting = new FleetInstance(waiter.store, owner.key).update({
          timeoutMs: 500,
          isUrgent,
        });
        await eventually(() => polls > 2);
        await begin(redis, admin);
        // A read-only Redis can still say that the lock is taken, until it runs out.
        expect(await timed(() => waiting)).toBeLessThan(
          name === 'read-only' ? LOCK_MS + SOON_MS : SOON_MS,
        );
        expect((await waiting).generation).toBe(0);
        answer.resolve();
        await owning;
        await end(redis, admin);
      });

      it('after a renewal that failed: its error is thrown, soon', async () => {
        const instance = await connected();
        const failure = new Error('PortOne is down too');
        let brokenAt = 0;
        const failing = instance.update(quiet, async () => {
          await begin(redis, admin);
          brokenAt = performance.now();
          throw failure;
        });
        await expect(failing).rejects.toBe(failure);
        expect(performance.now() - brokenAt).toBeLessThan(SOON_MS);
        await end(redis, admin);
        await eventually(() => isShared(instance));
      });

      it(`load says that it cannot tell (${name})`, async () => {
        const { store, key } = await connected();
        await begin(redis, admin);
        const loading = store.load(key).catch((error: unknown) => error);
        if (name === 'read-only') expect(await loading).toBeUndefined();
        else expect(await loading).toBeInstanceOf(Error);
        await end(redis, admin);
      });
    });

    it('a full Redis: renewed alone, and shared again when it has room', async () => {
      const instance = await connected();
      await FULL.begin(redis, admin);
      await instance.update();
      expect(instance.renewals).toEqual([alone]);
      await FULL.end(redis, admin);
      expect(await isShared(instance)).toBe(true);
    });

    it('a password that Redis refuses: renewed alone, soon', async () => {
      const locked = await RedisServer.start('--requirepass', 'right');
      try {
        const url = `redis://:wrong@127.0.0.1:${locked.port}`;
        const instance = new FleetInstance(open(url), 'key');
        expect(await timed(() => instance.update())).toBeLessThan(SOON_MS);
        expect(instance.renewals).toEqual([alone]);
      } finally {
        await locked.stop();
      }
    });

    it('unreachable from the start: an urgent renewal waits a second, then acts alone', async () => {
      await redis.kill();
      const instance = new FleetInstance(open(), 'key');
      const ms = await timed(() => instance.update(urgent));
      expect(ms).toBeGreaterThan(900);
      expect(ms).toBeLessThan(1_500);
      expect(instance.renewals).toEqual([alone]);
    });

    it('still connecting: an urgent renewal waits for it and is shared', async () => {
      await redis.kill();
      const instance = new FleetInstance(open(), 'key');
      const renewing = instance.update(urgent);
      await redis.restart();
      await renewing;
      expect(instance.renewals).toEqual([
        { current: undefined, exclusive: true },
      ]);
    });

    it('flushed while PortOne answers: the lock is gone, so it is renewed again under a new one', async () => {
      const instance = await connected();
      await instance.update();
      const { seen } = instance;
      let isFlushed = false;
      await instance.update(quiet, async () => {
        if (!isFlushed) await admin.flushall();
        isFlushed = true;
      });
      expect(instance.renewals.slice(1)).toEqual([
        { current: expect.any(String), exclusive: true },
        { current: undefined, exclusive: true },
      ]);
      expect(instance.seen).toBeGreaterThan(seen);
    });

    it('flushed in every renewal: the second pair is kept, unshared', async () => {
      const instance = await connected();
      const record = await instance.update(quiet, () => admin.flushall());
      expect(instance.renewals).toHaveLength(2);
      expect(record.generation).toBe(0);
    });

    it('flushed between renewals: generations go on growing for an instance that knows nothing', async () => {
      const instance = await connected();
      await instance.update();
      await admin.flushall();
      const newcomer = new FleetInstance(instance.store, instance.key);
      await newcomer.update();
      expect(newcomer.seen).toBeGreaterThan(instance.seen);
    });
  },
);
