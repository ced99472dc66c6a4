import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
} from '@jest/globals';
import { PortOneEmulator } from '../../../lib/testing/index.js';
import { eventually } from '../../../sample/02-fleet/src/demo/eventually.js';
import type { Fleet } from '../../../sample/02-fleet/src/demo/fleet.js';
import type { InstanceProcess } from '../../../sample/02-fleet/src/demo/instance-process.js';
import { Traffic } from '../../../sample/02-fleet/src/demo/traffic.js';
import { startProcesses } from '../../support/fleet-processes.js';
import { RedisMonitor } from '../../support/redis-monitor.js';
import { RedisServer } from '../../support/redis-server.js';

const SIZE = 10;
const BOOT_MS = 120_000;
const ATTEMPTS = 5;
const LIMIT_MS = 300_000;

describe(`A fleet of ${SIZE} processes`, () => {
  let redis: RedisServer;
  let portone: PortOneEmulator;
  let fleet: Fleet;
  let traffic: Traffic;

  const tokenCalls = (isGood: (status?: number) => boolean) =>
    portone.calls.requests.filter(
      ({ endpoint, status }) =>
        ['login', 'refresh'].includes(endpoint) && isGood(status),
    );
  const answered = () => tokenCalls((status) => status === 200);
  const refused = () => tokenCalls((status) => (status ?? 0) >= 400);
  /** How often an instance has gone on alone so far. */
  const wentAlone = () =>
    fleet.instances
      .flatMap(({ logged }) => logged)
      .filter((line) => line.includes('is not shared')).length;
  const ownerInCall = async (): Promise<InstanceProcess> => {
    const owner = await fleet.owner();
    await eventually(() => portone.calls.tokens === 1);
    return owner;
  };

  beforeAll(async () => {
    redis = await RedisServer.start();
    // Longer than in the demo: a busy machine must finish a test before the next renewal is due, and an owner that dies must
    // be replaced before the token ends, which the traffic would notice.
    portone = await PortOneEmulator.start({ accessTokenLifetime: 12 });
    fleet = await startProcesses(SIZE, { portone, redis });
  }, BOOT_MS);
  afterAll(async () => {
    await fleet?.stop();
    await portone?.stop();
    await redis?.stop();
  });

  beforeEach(() => {
    traffic = new Traffic(fleet, 20);
  });
  afterEach(async () => {
    await traffic.stop();
    expect(traffic.answered).toBeGreaterThan(0);
    expect(traffic.failed).toBe(0);
  });

  /**
   * Runs a scenario in which no instance goes on alone. It begins when every instance has just got a token: the next renewal
   * is more than two seconds away. On a machine that is too busy for Redis to answer in time it is run again.
   */
  const whileShared = (scenario: () => Promise<void>) => async () => {
    for (let attempt = 1; ; attempt += 1) {
      while (fleet.serving.length < SIZE) await fleet.add();
      await fleet.renewals(1);
      portone.delay('tokens', 0);
      portone.resetCalls();
      const before = wentAlone();
      try {
        await scenario();
        expect(wentAlone()).toBe(before);
        return;
      } catch (error) {
        if (wentAlone() === before || attempt === ATTEMPTS) throw error;
      }
    }
  };

  it(
    'makes one token call a cycle, none refused',
    whileShared(async () => {
      const before = fleet.mostRenewals;
      await fleet.renewals(8);
      // The next cycle may have begun while the last instance was still to adopt.
      const cycles = fleet.mostRenewals - before;
      expect(portone.calls.login).toBe(0);
      expect(portone.calls.refresh).toBeLessThanOrEqual(cycles + 1);
      expect(portone.calls.refresh).toBeGreaterThanOrEqual(8);
      expect(portone.calls.unauthorized).toBe(0);
      expect(refused()).toEqual([]);
    }),
    LIMIT_MS,
  );

  it(
    'makes 1 token call when every process meets 401s at once',
    whileShared(async () => {
      portone.revokeAccessTokens();
      const everyone = fleet.serving.flatMap(({ url }) => [url, url, url]);
      const answers = await Promise.all(
        everyone.map(async (url) => (await fetch(`${url}/sales`)).status),
      );
      expect(portone.calls.unauthorized).toBeGreaterThanOrEqual(SIZE);
      expect(portone.calls.tokens).toBe(1);
      expect(answers).toEqual(everyone.map(() => 200));
    }),
    LIMIT_MS,
  );

  it(
    'has a token again when its owner was killed before PortOne answered',
    whileShared(async () => {
      portone.fail('tokens', { kind: 'hang' }, { times: 1 });
      const owner = await ownerInCall();
      await owner.kill();
      await fleet.renewals(1);
      expect(portone.calls).toMatchObject({ login: 0, refresh: 2 });
    }),
    LIMIT_MS,
  );

  it(
    'has a token again when its owner was killed in the middle of the answer',
    whileShared(async () => {
      const inTheMiddle = { times: 1, processed: true };
      portone.fail('tokens', { kind: 'headers-then-hang' }, inTheMiddle);
      const owner = await ownerInCall();
      await eventually(() => answered().length === 1);
      await owner.kill();
      await fleet.renewals(1);
      // The refresh token died with the answer: one refusal, and the login under the same lock.
      expect(portone.calls.tokens).toBe(3);
      expect(refused()).toHaveLength(1);
    }),
    LIMIT_MS,
  );

  it(
    'has a token again when its owner was killed between the answer and the commit',
    whileShared(async () => {
      portone.delay('tokens', 300);
      const owner = await ownerInCall();
      portone.delay('tokens', 0);
      owner.pause();
      await eventually(() => answered().length === 1);
      await owner.kill();
      await fleet.renewals(1);
      // The pair that was lost, and the pair that all instances have now.
      expect(answered()).toHaveLength(2);
    }),
    LIMIT_MS,
  );

  it(
    'keeps what it has renewed when an owner that was paused beyond its lock goes on',
    whileShared(async () => {
      const monitor = await RedisMonitor.start(redis.url);
      portone.delay('tokens', 300);
      const owner = await ownerInCall();
      portone.delay('tokens', 0);
      owner.pause();
      const [, key, inRedis] = (await monitor.take('set')).at(-1)!;
      expect(key).toMatch(/:lock$/);
      await fleet.renewals(1);
      const before = owner.tokenEvents.length;
      owner.resume();
      await eventually(() =>
        owner.tokenEvents.slice(before).includes('adopted'),
      );
      const commands = await monitor.take('eval', 'set');
      monitor.close();
      // What a script runs comes after it; the lock that a commit names is its owner's.
      const commits = commands.filter((_, at) =>
        commands[at + 1]?.[1]?.endsWith(':record'),
      );
      expect(commits.length).toBeGreaterThan(0);
      expect(commits.filter((args) => args.includes(inRedis!))).toEqual([]);
    }),
    LIMIT_MS,
  );
});
