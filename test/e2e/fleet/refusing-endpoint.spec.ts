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
import {
  closeApps,
  openApps,
  type FleetApp,
} from '../../support/fleet-apps.js';
import { RedisServer } from '../../support/redis-server.js';

const SIZE = 20;
const odd = '/payments/odd';
const payment = '/payments/payment-1';

const statusOf = ({ http }: FleetApp, path: string): Promise<number> =>
  http.axiosRef
    .get(path, { validateStatus: () => true })
    .then(({ status }) => status);

const pauseOf = ({ tokens }: FleetApp): number =>
  tokens.snapshot().pausedForMs ?? 0;

describe(`A fleet of ${SIZE} apps over Redis, one endpoint of which always says 401`, () => {
  let redis: RedisServer;
  let admin: Redis;
  let portone: PortOneEmulator;
  let apps: FleetApp[];

  const all = (path: string) =>
    Promise.all(apps.map((app) => statusOf(app, path)));
  /** Until no app would force another renewal because of that endpoint for more than ten seconds. */
  const untilAllPause = async () => {
    while (apps.some((app) => pauseOf(app) <= 10_000)) await all(odd);
  };

  beforeAll(async () => {
    redis = await RedisServer.start();
    admin = new Redis(redis.url);
  });
  afterAll(async () => {
    admin?.disconnect();
    await redis?.stop();
  });
  beforeEach(async () => {
    await admin.flushall();
    portone = await PortOneEmulator.start();
    // Twenty apps in one process are slow to read Redis's answers.
    const options = { tokenTimeout: 20_000 };
    apps = await openApps(SIZE, { portone, redis, options });
    portone.fail(odd, { kind: 'status', status: 401 });
    portone.resetCalls();
  });
  afterEach(async () => {
    await closeApps();
    await portone.stop();
  });

  it('makes two token calls a pause at most, not one an app', async () => {
    await all(odd);
    expect(portone.calls.tokens).toBe(1);
    await untilAllPause();
    // Those of the first pause, and of the second.
    expect(portone.calls.tokens).toBeLessThanOrEqual(4);
  }, 60_000);

  it('makes no more calls when each request has another id in its path', async () => {
    portone.fail('GET /payments/:paymentId', { kind: 'status', status: 401 });
    let id = 0;
    const round = () =>
      Promise.all(
        apps.map((app) => statusOf(app, `/payments/id-${(id += 1)}`)),
      );
    await round();
    expect(portone.calls.tokens).toBe(1);
    while (apps.some((app) => pauseOf(app) <= 10_000)) await round();
    expect(portone.calls.tokens).toBeLessThanOrEqual(4);
  }, 60_000);

  it('renews a revoked token once, in the pause, and every call of other endpoints is answered', async () => {
    await untilAllPause();
    expect(await all(payment)).toEqual(apps.map(() => 200));
    portone.resetCalls();
    portone.revokeAccessTokens();
    const paths = [payment, '/payments', payment];
    const answers = await Promise.all([...paths, odd].map(all));
    expect(answers.slice(0, 3).flat()).toEqual(
      Array.from({ length: 3 * SIZE }, () => 200),
    );
    expect(portone.calls.tokens).toBe(1);
    expect(
      new Set(apps.map(({ tokens }) => tokens.peekAccessToken())).size,
    ).toBe(1);
  }, 60_000);

  it('lets a paused app take the good token over that another has obtained', async () => {
    await untilAllPause();
    portone.heal();
    expect(await statusOf(apps[0]!, odd)).toBe(404);
    portone.revokeAccessTokens();
    const [first, ...others] = apps;
    await first!.tokens.renew();
    portone.resetCalls();
    const since = performance.now();
    let waiting = others;
    while (waiting.length > 0) {
      const answers = await Promise.all(
        waiting.map((app) => statusOf(app, odd)),
      );
      waiting = waiting.filter((_, at) => answers[at] === 401);
    }
    // The pauses would have gone on.
    expect(performance.now() - since).toBeLessThan(10_000);
    expect(portone.calls.tokens).toBe(0);
  }, 60_000);
});
