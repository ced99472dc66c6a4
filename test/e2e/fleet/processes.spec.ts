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
import { PACE } from '../../../sample/02-fleet/src/demo/pace.js';
import { Traffic } from '../../../sample/02-fleet/src/demo/traffic.js';
import { startProcesses } from '../../support/fleet-processes.js';
import { RedisMonitor } from '../../support/redis-monitor.js';
import { RedisServer } from '../../support/redis-server.js';

const SIZE = 10;
const BOOT_MS = 120_000;
const { lockMarginMs, tokenTimeoutMs } = PACE;
/** A dead owner's lock, and the token call of who takes over. */
const TAKEOVER_MS = tokenTimeoutMs + lockMarginMs + tokenTimeoutMs;

describe(`A fleet of ${SIZE} processes`, () => {
  let redis: RedisServer;
  let portone: PortOneEmulator;
  let fleet: Fleet;
  let traffic: Traffic;
  let bootedAlone: number;

  const tokenCalls = (isGood: (status?: number) => boolean) =>
    portone.calls.requests.filter(
      ({ endpoint, status }) =>
        ['login', 'refresh'].includes(endpoint) && isGood(status),
    );
  const answered = () => tokenCalls((status) => status === 200);
  const refused = () => tokenCalls((status) => (status ?? 0) >= 400);
  const ownerInCall = async (): Promise<InstanceProcess> => {
    const owner = await fleet.owner();
    await eventually(() => portone.calls.tokens === 1);
    return owner;
  };

  beforeAll(async () => {
    redis = await RedisServer.start();
    // Longer than in the demo: a busy machine has to be done with a test before the next renewal is due.
    portone = await PortOneEmulator.start({ accessTokenLifetime: 8 });
    fleet = await startProcesses(SIZE, { portone, redis });
    await fleet.renewals(1);
    // While all of them boot at once on a busy machine, some may be too slow for Redis.
    bootedAlone = fleet.logged('is not shared');
  }, BOOT_MS);
  afterAll(async () => {
    await fleet?.stop();
    await portone?.stop();
    await redis?.stop();
  });

  // A test begins when everybody has just got a token: the next renewal is more than a second away.
  beforeEach(async () => {
    await fleet.renewals(1);
    portone.resetCalls();
    traffic = new Traffic(fleet, 20);
  });
  afterEach(async () => {
    await traffic.stop();
    expect(traffic.answered).toBeGreaterThan(0);
    expect(traffic.failed).toBe(0);
    expect(fleet.logged('is not shared')).toBe(bootedAlone);
  });

  it('makes 10 token calls in 10 cycles, none refused', async () => {
    await fleet.renewals(10);
    expect(portone.calls).toMatchObject({ login: 0, refresh: 10 });
    expect(portone.calls.unauthorized).toBe(0);
    expect(refused()).toEqual([]);
  }, 60_000);

  it('makes 1 token call when every process meets 401s at once', async () => {
    portone.revokeAccessTokens();
    const everyone = fleet.serving.flatMap(({ url }) => [url, url, url]);
    const answers = await Promise.all(
      everyone.map(async (url) => (await fetch(`${url}/sales`)).status),
    );
    expect(portone.calls.unauthorized).toBeGreaterThanOrEqual(SIZE);
    expect(portone.calls.tokens).toBe(1);
    expect(answers).toEqual(everyone.map(() => 200));
  });

  it('has a token again when its owner was killed before PortOne answered', async () => {
    portone.fail('tokens', { kind: 'hang' }, { times: 1 });
    const owner = await ownerInCall();
    await owner.kill();
    expect(await renewalMs(fleet)).toBeLessThan(TAKEOVER_MS);
    expect(portone.calls).toMatchObject({ login: 0, refresh: 2 });
  });

  it('has a token again when its owner was killed in the middle of the answer', async () => {
    const inTheMiddle = { times: 1, processed: true };
    portone.fail('tokens', { kind: 'headers-then-hang' }, inTheMiddle);
    const owner = await ownerInCall();
    await eventually(() => answered().length === 1);
    await owner.kill();
    expect(await renewalMs(fleet)).toBeLessThan(TAKEOVER_MS);
    // The refresh token died with the answer: one refusal, and the login under the same lock.
    expect(portone.calls.tokens).toBe(3);
    expect(refused()).toHaveLength(1);
  });

  it('has a token again when its owner was killed between the answer and the commit', async () => {
    portone.delay('tokens', 300);
    const owner = await ownerInCall();
    portone.delay('tokens', 0);
    owner.pause();
    await eventually(() => answered().length === 1);
    await owner.kill();
    expect(await renewalMs(fleet)).toBeLessThan(TAKEOVER_MS);
    // The pair that was lost, and the one everybody has.
    expect(answered()).toHaveLength(2);
  });

  it('keeps what it has renewed when an owner that was paused beyond its lock goes on', async () => {
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
    await eventually(() => owner.tokenEvents.slice(before).includes('adopted'));
    const commands = await monitor.take('eval', 'set');
    monitor.close();
    // What a script runs comes after it; the lock that a commit names is its owner's.
    const commits = commands.filter((_, at) =>
      commands[at + 1]?.[1]?.endsWith(':record'),
    );
    expect(commits.length).toBeGreaterThan(0);
    expect(commits.filter((args) => args.includes(inRedis!))).toEqual([]);
  });
});

/** How long it takes until every instance has its next token. */
async function renewalMs(fleet: Fleet): Promise<number> {
  const startedAt = performance.now();
  await fleet.renewals(1);
  return performance.now() - startedAt;
}
