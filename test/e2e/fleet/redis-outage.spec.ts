import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PortOneEmulator } from '../../../lib/testing/index.js';
import { eventually } from '../../support/promises.js';
import { closeApps, openApp, type FleetApp } from '../../support/fleet-apps.js';
import { failuresDuring } from '../../support/fleet-calls.js';
import { LogBook } from '../../support/log-book.js';
import { CONNECT } from '../../support/redis-clients.js';
import {
  DEAD,
  HANGING,
  OTHER_PASSWORD,
  READ_ONLY,
  type RedisFault,
} from '../../support/redis-faults.js';
import { useRedis, type RedisOfTests } from '../../support/redis-hooks.js';

const SIZE = 4;
const LOST = 'The token is not shared';
/** An instance without a store logs in, which ends the refresh token that another instance may just have sent. */
const REFRESH_REJECTED = 'PortOne rejected a refresh token';
const BACK = 'The token store can be reached again';

const OUTAGES: [string, RedisFault][] = [
  ['dies', DEAD],
  ['hangs', HANGING],
  ['accepts no writes', READ_ONLY],
  ['asks for another password', OTHER_PASSWORD],
];

const redis = useRedis();

describe('Requests of a fleet', () => {
  let portone: PortOneEmulator;
  let log: LogBook;

  /** Two apps of each library. */
  const openFleet = (url = redis.url) =>
    Promise.all(
      [...CONNECT, ...CONNECT].map(([, connect]) =>
        openApp({
          portone,
          redis: { url },
          connect,
          log,
          options: { renewal: { at: 0.15, jitter: 0.02 } },
        }),
      ),
    );
  const allShare = (apps: readonly FleetApp[], isShared: boolean) =>
    eventually(() =>
      apps.every(({ tokens }) => tokens.snapshot().shared === isShared),
    );
  /** Waits until every app has a newer token than now. */
  const allRenew = (apps: readonly FleetApp[]) => {
    const before = apps.map(({ tokenEvents }) => tokenEvents.length);
    return eventually(() =>
      apps.every(({ tokenEvents }, i) => tokenEvents.length > before[i]!),
    );
  };
  const haveOneToken = (apps: readonly FleetApp[]) => {
    const held = apps.map(({ tokens }) => tokens.peekAccessToken());
    return held[0] !== undefined && new Set(held).size === 1;
  };
  /** Each app logs one line when sharing ends and one when it works again. Other lines may only tell of rejected refresh tokens. */
  const expectOneLineEach = () => {
    const warnings = log.saying('', 'warn');
    const others = warnings.filter(
      (line) => !line.startsWith(REFRESH_REJECTED),
    );
    expect(others).toEqual(
      Array.from({ length: SIZE }, () => expect.stringContaining(LOST)),
    );
    expect(log.saying(BACK, 'log')).toHaveLength(SIZE);
    expect(log.saying('', 'error')).toEqual([]);
  };

  beforeEach(async () => {
    log = new LogBook();
    await redis.server.restart();
    portone = await PortOneEmulator.start({ accessTokenLifetime: 6 });
  });
  afterEach(async () => {
    await closeApps();
    await portone.stop();
  });

  it.each(OUTAGES)(
    'succeed while Redis %s; after that the fleet shares one token again',
    async (_, { begin, end }) => {
      const apps = await openFleet();
      const failures = await failuresDuring(apps, async () => {
        await begin(redis);
        await allShare(apps, false);
        await allRenew(apps);
        await end(redis);
        await allShare(apps, true);
        await eventually(() => haveOneToken(apps));
      });
      expect(failures).toEqual([]);
      expectOneLineEach();
    },
  );

  it.each<[string, (redis: RedisOfTests) => Promise<unknown>]>([
    ['flushed', ({ admin }) => admin.flushall()],
    ['restarted', ({ server }) => server.restart()],
  ])(
    'succeed while Redis is %s; after that the fleet shares one token again',
    async (_, happens) => {
      const apps = await openFleet();
      const before = apps[0]!.tokens.peekAccessToken();
      const failures = await failuresDuring(apps, async () => {
        await happens(redis);
        await eventually(
          () =>
            haveOneToken(apps) && apps[0]!.tokens.peekAccessToken() !== before,
        );
      });
      expect(failures).toEqual([]);
    },
  );

  it('succeed in apps that boot while Redis is down; the apps share a token as soon as Redis is up', async () => {
    await redis.server.kill();
    const apps = await openFleet();
    expect(portone.calls.login).toBe(SIZE);
    const failures = await failuresDuring(apps, async () => {
      await redis.server.restart();
      await allShare(apps, true);
      await eventually(() => haveOneToken(apps));
    });
    expect(failures).toEqual([]);
    expectOneLineEach();
  });

  it('succeed in apps whose Redis password is wrong; the apps share a token as soon as it is right', async () => {
    await redis.admin.config('SET', 'requirepass', 'not yet');
    const apps = await openFleet(
      `redis://:right@127.0.0.1:${redis.server.port}`,
    );
    expect(portone.calls.login).toBe(SIZE);
    const failures = await failuresDuring(apps, async () => {
      await redis.admin.config('SET', 'requirepass', 'right');
      await allShare(apps, true);
      await eventually(() => haveOneToken(apps));
    });
    expect(failures).toEqual([]);
    expectOneLineEach();
  });
});
