import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RedisTokenStore } from '../../../lib/redis/index.js';
import { FleetInstance, quiet, urgent } from '../../support/fleet-instance.js';
import { deferred, eventually, timed } from '../../support/promises.js';
import { CONNECT, type OpenClient } from '../../support/redis-clients.js';
import {
  DEAD,
  FULL,
  HANGING,
  NO_SCRIPTS,
  READ_ONLY,
  type RedisFault,
} from '../../support/redis-faults.js';
import { useRedis } from '../../support/redis-hooks.js';
import { RedisServer } from '../../support/redis-server.js';

/** A store may wait 250 ms for Redis. The rest is for a busy machine. */
const SOON_MS = 500;
const LOCK_MARGIN_MS = 200;
const LOCK_MS = quiet.timeoutMs + LOCK_MARGIN_MS;
const withoutLock = { current: undefined, exclusive: false };

const FAULTS: [string, RedisFault][] = [
  ['is dead', DEAD],
  ['hangs', HANGING],
  ['is read-only', READ_ONLY],
  ['permits no scripts', NO_SCRIPTS],
];

const redis = useRedis();

describe.each(CONNECT)(
  'RedisTokenStore over %s while Redis has a fault',
  (_, connect) => {
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
    const updateIsShared = async (instance: FleetInstance) => {
      const { seen } = instance;
      return (await instance.update()).generation > seen;
    };

    beforeEach(() => redis.server.restart());
    afterEach(() => {
      for (const { close } of clients.splice(0)) close();
    });

    describe.each(FAULTS)('Redis %s', (name, { begin, end }) => {
      it('before a renewal: the store soon renews without the lock, and shares again after the fault', async () => {
        const instance = await connected();
        await instance.update();
        const { seen } = instance;
        await begin(redis);
        const ms = await timed(() => instance.update());
        expect(ms).toBeLessThan(SOON_MS);
        expect(instance.renewals.slice(1)).toEqual([withoutLock]);
        expect(instance.seen).toBe(seen);
        await end(redis);
        await eventually(() => updateIsShared(instance));
        expect(instance.renewals.at(-1)?.exclusive).toBe(true);
      });

      it('while PortOne answers: the store keeps the new pair without sharing it', async () => {
        const instance = await connected();
        await instance.update();
        const { seen } = instance;
        let brokenAt = 0;
        const record = await instance.update(quiet, async () => {
          await begin(redis);
          brokenAt = performance.now();
        });
        expect(performance.now() - brokenAt).toBeLessThan(SOON_MS);
        expect(record).toMatchObject({ generation: seen, expiresInMs: 60_000 });
        expect(instance.renewals).toHaveLength(2);
        await end(redis);
        await eventually(() => updateIsShared(instance));
        const shared = await instance.store.load(instance.key);
        expect(shared?.sealed).not.toBe(record.sealed);
      });

      it('while the store waits for another instance: it soon renews without the lock', async () => {
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
        await begin(redis);
        // A read-only Redis still answers that the lock is taken, until the lock expires.
        expect(await timed(() => waiting)).toBeLessThan(
          name === 'is read-only' ? LOCK_MS + SOON_MS : SOON_MS,
        );
        expect((await waiting).generation).toBe(0);
        answer.resolve();
        await owning;
        await end(redis);
      });

      it('after a failed renewal: update() soon throws the error of the renewal', async () => {
        const instance = await connected();
        const failure = new Error('PortOne is down too');
        let brokenAt = 0;
        const failing = instance.update(quiet, async () => {
          await begin(redis);
          brokenAt = performance.now();
          throw failure;
        });
        await expect(failing).rejects.toBe(failure);
        expect(performance.now() - brokenAt).toBeLessThan(SOON_MS);
        await end(redis);
        await eventually(() => updateIsShared(instance));
      });

      it('load() rejects when Redis cannot be read', async () => {
        const { store, key } = await connected();
        await begin(redis);
        const loading = store.load(key).catch((error: unknown) => error);
        if (name === 'is read-only') expect(await loading).toBeUndefined();
        else expect(await loading).toBeInstanceOf(Error);
        await end(redis);
      });
    });

    it('Redis is full: the store renews without the lock, and shares again when there is memory', async () => {
      const instance = await connected();
      await FULL.begin(redis);
      await instance.update();
      expect(instance.renewals).toEqual([withoutLock]);
      await FULL.end(redis);
      expect(await updateIsShared(instance)).toBe(true);
    });

    it('Redis rejects the password: the store soon renews without the lock', async () => {
      const locked = await RedisServer.start('--requirepass', 'right');
      try {
        const url = `redis://:wrong@127.0.0.1:${locked.port}`;
        const instance = new FleetInstance(open(url), 'key');
        expect(await timed(() => instance.update())).toBeLessThan(SOON_MS);
        expect(instance.renewals).toEqual([withoutLock]);
      } finally {
        await locked.stop();
      }
    });

    it('Redis cannot be reached from the start: an urgent renewal waits a second, then runs without the lock', async () => {
      await redis.server.kill();
      const instance = new FleetInstance(open(), 'key');
      const ms = await timed(() => instance.update(urgent));
      expect(ms).toBeGreaterThan(900);
      expect(ms).toBeLessThan(1_500);
      expect(instance.renewals).toEqual([withoutLock]);
    });

    it('the client is still connecting: an urgent renewal waits for it and is shared', async () => {
      await redis.server.kill();
      const instance = new FleetInstance(open(), 'key');
      const renewing = instance.update(urgent);
      await redis.server.restart();
      await renewing;
      expect(instance.renewals).toEqual([
        { current: undefined, exclusive: true },
      ]);
    });

    it('Redis is flushed while PortOne answers: the lock is lost, so the store renews again with a new lock', async () => {
      const instance = await connected();
      await instance.update();
      const { seen } = instance;
      let isFlushed = false;
      await instance.update(quiet, async () => {
        if (!isFlushed) await redis.admin.flushall();
        isFlushed = true;
      });
      expect(instance.renewals.slice(1)).toEqual([
        { current: expect.any(String), exclusive: true },
        { current: undefined, exclusive: true },
      ]);
      expect(instance.seen).toBeGreaterThan(seen);
    });

    it('Redis is flushed during each renewal: the store keeps the second pair without sharing it', async () => {
      const instance = await connected();
      const record = await instance.update(quiet, () => redis.admin.flushall());
      expect(instance.renewals).toHaveLength(2);
      expect(record.generation).toBe(0);
    });

    it('Redis is flushed between renewals: a new instance still gets a greater generation', async () => {
      const instance = await connected();
      await instance.update();
      await redis.admin.flushall();
      const newInstance = new FleetInstance(instance.store, instance.key);
      await newInstance.update();
      expect(newInstance.seen).toBeGreaterThan(instance.seen);
    });
  },
);
