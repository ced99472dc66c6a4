import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { PortOneEmulator } from '../../lib/testing/index.js';
import { closeApps, openApps, type FleetApp } from '../support/fleet-apps.js';
import { LogBook } from '../support/log-book.js';
import { useRedis } from '../support/redis-hooks.js';

const SIZE = 4;
const TOKEN_TIMEOUT_MS = 1_000;
/** Time for the calls themselves on a busy machine. */
const SLACK_MS = 1_000;
const LIFETIME_MS = 1_800_000;

const redis = useRedis();

describe('A fleet while an intruder changes its Redis', () => {
  let portone: PortOneEmulator;
  let log: LogBook;
  let intrusion: Promise<void> | undefined;
  let isOver = false;

  /** Repeats the work until the test ends. */
  const keepDoing = (work: () => Promise<unknown>) => {
    intrusion = (async () => {
      while (!isOver) {
        await work();
        await wait(20);
      }
    })();
  };
  const openFleet = (lockMarginMs?: number) =>
    openApps(SIZE, {
      ...(lockMarginMs && { lockMarginMs }),
      portone,
      redis,
      log,
      options: { tokenTimeout: TOKEN_TIMEOUT_MS, renewal: { at: 0.8 } },
    });
  const keyOf = async (what: 'record' | 'lock') => {
    const [record] = await redis.admin.keys('*:record');
    return record!.replace(/record$/, what);
  };
  /** The status of one call of each app, and how long the slowest took. */
  const callAll = async (apps: readonly FleetApp[]) => {
    const startedAt = performance.now();
    const statuses = await Promise.all(
      apps.map(({ http }) =>
        http.axiosRef
          .get('/payments', { validateStatus: () => true })
          .then(({ status }) => status, String),
      ),
    );
    return { statuses, ms: performance.now() - startedAt };
  };
  const allGood = Array.from({ length: SIZE }, () => 200);

  beforeEach(async () => {
    isOver = false;
    log = new LogBook();
    await redis.admin.flushall();
    portone = await PortOneEmulator.start();
  });
  afterEach(async () => {
    isOver = true;
    await intrusion;
    await closeApps();
    await portone.stop();
  });

  it.each(['garbage', 'an old record'])(
    'has no failed call while %s is written again and again with a greater generation',
    async (what) => {
      const apps = await openFleet();
      const key = await keyOf('record');
      let [generation, sealed] = (await redis.admin.get(key))!.split(' ');
      if (what === 'garbage') sealed = 'garbage';
      keepDoing(() => {
        generation = String(Number(generation) + 1e9);
        const record = `${generation} ${sealed}`;
        return redis.admin.set(key, record, 'PX', LIFETIME_MS);
      });
      for (let revocation = 1; revocation <= 3; revocation += 1) {
        portone.resetCalls();
        portone.revokeAccessTokens();
        expect((await callAll(apps)).statuses).toEqual(allGood);
        expect(portone.calls.tokens).toBeLessThanOrEqual(SIZE);
      }
      expect(log.saying('records that cannot be used', 'warn')).not.toEqual([]);
    },
  );

  it('replaces a revoked token within the token timeout while a lock never expires', async () => {
    const apps = await openFleet(60_000);
    const lock = await keyOf('lock');
    await redis.admin.set(lock, 'intruder', 'PX', LIFETIME_MS);
    keepDoing(() => redis.admin.pexpire(lock, LIFETIME_MS));
    portone.revokeAccessTokens();
    const first = await callAll(apps);
    expect(first.statuses).toEqual(allGood);
    expect(first.ms).toBeLessThan(TOKEN_TIMEOUT_MS + SLACK_MS);
    expect(log.saying('has been taken for longer', 'warn')).not.toEqual([]);
  });

  it('stops waiting for a lock that has been taken for longer than an owner may hold it', async () => {
    const apps = await openFleet();
    await redis.admin.set(await keyOf('lock'), 'intruder', 'PX', LIFETIME_MS);
    for (let wasSeenMs = 0; wasSeenMs < 1_500;) {
      portone.revokeAccessTokens();
      const { statuses, ms } = await callAll(apps);
      expect(statuses).toEqual(allGood);
      wasSeenMs += ms;
    }
    portone.revokeAccessTokens();
    const { statuses, ms } = await callAll(apps);
    expect(statuses).toEqual(allGood);
    expect(ms).toBeLessThan(TOKEN_TIMEOUT_MS / 2);
  });

  it('makes one token call for all apps again after the intruder has left', async () => {
    const apps = await openFleet();
    const lock = await keyOf('lock');
    await redis.admin.set(lock, 'intruder', 'PX', LIFETIME_MS);
    portone.revokeAccessTokens();
    await callAll(apps);
    await redis.admin.del(lock);
    portone.revokeAccessTokens();
    portone.resetCalls();
    const { statuses } = await callAll(apps);
    expect(statuses).toEqual(allGood);
    expect(portone.calls.tokens).toBe(1);
    expect(apps.every(({ tokens }) => tokens.snapshot().shared)).toBe(true);
  });
});
