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
import { eventually } from '../../support/promises.js';
import type { Fleet } from '../../../sample/02-fleet/src/demo/fleet.js';
import type { InstanceProcess } from '../../../sample/02-fleet/src/demo/instance-process.js';
import { Traffic } from '../../../sample/02-fleet/src/demo/traffic.js';
import { startProcesses } from '../../support/fleet-processes.js';
import { useRedis } from '../../support/redis-hooks.js';
import { RedisMonitor } from '../../support/redis-monitor.js';

const SIZE = 10;
const BOOT_MS = 120_000;
const ATTEMPTS = 5;
const LIMIT_MS = 300_000;

const redis = useRedis();

describe(`A fleet of ${SIZE} processes`, () => {
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
  /** How often an instance could not share its token so far. */
  const unsharedCount = () =>
    fleet.instances
      .flatMap(({ logged }) => logged)
      .filter((line) => line.includes('is not shared')).length;
  /** Whether an instance could not share its token when it tried last. Such an instance logs in instead of refreshing. */
  const isUnshared = ({ logged }: InstanceProcess): boolean => {
    const lastOf = (text: string) =>
      logged.findLastIndex((line) => line.includes(text));
    return lastOf('is not shared') > lastOf('the token is shared');
  };
  /** Waits until an instance has the lock and makes its token call. */
  const ownerInCall = async (): Promise<InstanceProcess> => {
    const owner = await fleet.owner();
    await eventually(() => portone.calls.tokens === 1);
    return owner;
  };

  beforeAll(async () => {
    // Longer than in the demo. Even on a busy machine a test must end before the next renewal is due, and a killed owner must
    // be replaced before the token expires, because otherwise requests fail.
    portone = await PortOneEmulator.start({ accessTokenLifetime: 12 });
    fleet = await startProcesses(SIZE, { portone, redis });
  }, BOOT_MS);
  afterAll(async () => {
    await fleet?.stop();
    await portone?.stop();
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
   * Runs a scenario in which every instance can share its token. It begins when all instances have just got a token, more than
   * two seconds before the next renewal. It is run again when the machine was too busy for Redis to answer in time.
   */
  const whileShared = (scenario: () => Promise<void>) => async () => {
    for (let attempt = 1; ; attempt += 1) {
      while (fleet.serving.length < SIZE) await fleet.add();
      do await fleet.renewals(1);
      while (fleet.serving.some(isUnshared));
      portone.delay('tokens', 0);
      portone.resetCalls();
      const before = unsharedCount();
      try {
        await scenario();
        expect(unsharedCount()).toBe(before);
        return;
      } catch (error) {
        if (unsharedCount() === before || attempt === ATTEMPTS) throw error;
      }
    }
  };

  it(
    'makes one token call a cycle, and every one succeeds',
    whileShared(async () => {
      const before = fleet.mostRenewals;
      await fleet.renewals(8);
      // The next cycle may have begun before the last instance has adopted the token.
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
    'makes one token call when every process gets 401s at the same time',
    whileShared(async () => {
      portone.revokeAccessTokens();
      const urls = fleet.serving.flatMap(({ url }) => [url, url, url]);
      const answers = await Promise.all(
        urls.map(async (url) => (await fetch(`${url}/sales`)).status),
      );
      expect(portone.calls.unauthorized).toBeGreaterThanOrEqual(SIZE);
      expect(portone.calls.tokens).toBe(1);
      expect(answers).toEqual(urls.map(() => 200));
    }),
    LIMIT_MS,
  );

  it(
    'gets a new token when the owner of the lock is killed before PortOne answers',
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
    "gets a new token when the owner of the lock is killed in the middle of PortOne's answer",
    whileShared(async () => {
      const inTheMiddle = { times: 1, processed: true };
      portone.fail('tokens', { kind: 'headers-then-hang' }, inTheMiddle);
      const owner = await ownerInCall();
      await eventually(() => answered().length === 1);
      await owner.kill();
      await fleet.renewals(1);
      // The lost answer had ended the old refresh token: so one refresh is rejected, and a login follows under the same lock.
      expect(portone.calls.tokens).toBe(3);
      expect(refused()).toHaveLength(1);
    }),
    LIMIT_MS,
  );

  it(
    "gets a new token when the owner of the lock is killed between PortOne's answer and its commit",
    whileShared(async () => {
      portone.delay('tokens', 300);
      const owner = await ownerInCall();
      portone.delay('tokens', 0);
      owner.pause();
      await eventually(() => answered().length === 1);
      await owner.kill();
      await fleet.renewals(1);
      // One pair was lost. All instances have the other one.
      expect(answered()).toHaveLength(2);
    }),
    LIMIT_MS,
  );

  it(
    'keeps its new token when an owner continues after its lock has expired',
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
      // A script's own commands follow its eval. A commit names the owner of the lock as an argument.
      const commits = commands.filter((_, at) =>
        commands[at + 1]?.[1]?.endsWith(':record'),
      );
      expect(commits.length).toBeGreaterThan(0);
      expect(commits.filter((args) => args.includes(inRedis!))).toEqual([]);
    }),
    LIMIT_MS,
  );
});
