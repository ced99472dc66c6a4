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
import { PortOneEmulator } from '../../../lib/testing/index.js';
import { eventually } from '../../../sample/02-fleet/src/demo/eventually.js';
import { closeApps, openApp, type FleetApp } from '../../support/fleet-apps.js';
import { failuresDuring } from '../../support/fleet-calls.js';
import { LogBook } from '../../support/log-book.js';
import { CONNECT } from '../../support/redis-clients.js';
import { RedisServer } from '../../support/redis-server.js';

const SIZE = 4;
const LOST = 'The token is not shared';
/** An instance that is alone logs in, which may kill the refresh token that another has just sent. */
const KILLED = 'PortOne rejected a refresh token';
const BACK = 'The token store can be reached again';

interface Outage {
  begin(redis: RedisServer, admin: Redis): unknown;
  end(redis: RedisServer, admin: Redis): unknown;
}

const OUTAGES: [string, Outage][] = [
  ['dies', { begin: (redis) => redis.kill(), end: (redis) => redis.restart() }],
  [
    'hangs',
    { begin: (redis) => redis.pause(), end: (redis) => redis.resume() },
  ],
  [
    'takes no writes',
    {
      begin: (_, admin) => admin.replicaof('127.0.0.1', 1),
      end: (_, admin) => admin.replicaof('NO', 'ONE'),
    },
  ],
  [
    'asks for another password',
    {
      begin: async (_, admin) => {
        await admin.config('SET', 'requirepass', 'another');
        await admin.call('CLIENT', 'KILL', 'TYPE', 'normal');
      },
      end: (_, admin) => admin.config('SET', 'requirepass', ''),
    },
  ],
];

describe('Requests of a fleet', () => {
  let redis: RedisServer;
  let admin: Redis;
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
  /** Resolves when every app has a newer token than now. */
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
  /** One line each when sharing was lost, one when it was back, and none about anything but its price. */
  const expectOneLineEach = () => {
    const warnings = log.saying('', 'warn');
    expect(warnings.filter((line) => !line.startsWith(KILLED))).toEqual(
      Array.from({ length: SIZE }, () => expect.stringContaining(LOST)),
    );
    expect(log.saying(BACK, 'log')).toHaveLength(SIZE);
    expect(log.saying('', 'error')).toEqual([]);
  };

  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis?.stop());
  beforeEach(async () => {
    log = new LogBook();
    await redis.restart();
    admin = new Redis(redis.url);
    admin.on('error', () => undefined);
    portone = await PortOneEmulator.start({ accessTokenLifetime: 6 });
  });
  afterEach(async () => {
    await closeApps();
    admin.disconnect();
    await portone.stop();
  });

  it.each(OUTAGES)(
    'do not notice that Redis %s; the fleet shares again by itself',
    async (_, { begin, end }) => {
      const apps = await openFleet();
      const failures = await failuresDuring(apps, async () => {
        await begin(redis, admin);
        await allShare(apps, false);
        await allRenew(apps);
        await end(redis, admin);
        await allShare(apps, true);
        await eventually(() => haveOneToken(apps));
      });
      expect(failures).toEqual([]);
      expectOneLineEach();
    },
  );

  it.each<[string, (redis: RedisServer, admin: Redis) => Promise<unknown>]>([
    ['flushed', (_, admin) => admin.flushall()],
    ['restarted', (server) => server.restart()],
  ])(
    'do not notice that Redis is %s; the fleet has one token again',
    async (_, happens) => {
      const apps = await openFleet();
      const before = apps[0]!.tokens.peekAccessToken();
      const failures = await failuresDuring(apps, async () => {
        await happens(redis, admin);
        await eventually(
          () =>
            haveOneToken(apps) && apps[0]!.tokens.peekAccessToken() !== before,
        );
      });
      expect(failures).toEqual([]);
    },
  );

  it('are answered by apps that boot while Redis is down; they share as soon as it is up', async () => {
    await redis.kill();
    const apps = await openFleet();
    expect(portone.calls.login).toBe(SIZE);
    const failures = await failuresDuring(apps, async () => {
      await redis.restart();
      await allShare(apps, true);
      await eventually(() => haveOneToken(apps));
    });
    expect(failures).toEqual([]);
    expectOneLineEach();
  });

  it('are answered by apps whose password is wrong; they share as soon as it is right', async () => {
    await admin.config('SET', 'requirepass', 'not yet');
    const apps = await openFleet(`redis://:right@127.0.0.1:${redis.port}`);
    expect(portone.calls.login).toBe(SIZE);
    const failures = await failuresDuring(apps, async () => {
      await admin.config('SET', 'requirepass', 'right');
      await allShare(apps, true);
      await eventually(() => haveOneToken(apps));
    });
    expect(failures).toEqual([]);
    expectOneLineEach();
  });
});
