import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PortOneEmulator } from '../../../lib/testing/index.js';
import {
  closeApps,
  openApps,
  type FleetApp,
} from '../../support/fleet-apps.js';
import { useRedis } from '../../support/redis-hooks.js';

const SIZE = 20;
/** The emulator answers 401 to every call of this path. */
const refusing = '/payments/refusing';
const payment = '/payments/payment-1';

const statusOf = ({ http }: FleetApp, path: string): Promise<number> =>
  http.axiosRef
    .get(path, { validateStatus: () => true })
    .then(({ status }) => status);

const pauseOf = ({ tokens }: FleetApp): number =>
  tokens.snapshot().pausedForMs ?? 0;

const redis = useRedis();

describe(`A fleet of ${SIZE} apps over Redis that calls an endpoint which always answers 401`, () => {
  let portone: PortOneEmulator;
  let apps: FleetApp[];

  const all = (path: string) =>
    Promise.all(apps.map((app) => statusOf(app, path)));
  /** Calls the endpoint until every app pauses its forced renewals for more than ten seconds. */
  const untilAllPause = async () => {
    while (apps.some((app) => pauseOf(app) <= 10_000)) await all(refusing);
  };

  beforeEach(async () => {
    await redis.admin.flushall();
    portone = await PortOneEmulator.start();
    // Twenty apps in one process read Redis's replies slowly.
    const options = { tokenTimeout: 20_000 };
    apps = await openApps(SIZE, { portone, redis, options });
    portone.fail(refusing, { kind: 'status', status: 401 });
    portone.resetCalls();
  });
  afterEach(async () => {
    await closeApps();
    await portone.stop();
  });

  it('makes at most two token calls in each pause, and not one for each app', async () => {
    await all(refusing);
    expect(portone.calls.tokens).toBe(1);
    await untilAllPause();
    // The calls of the first and the second pause.
    expect(portone.calls.tokens).toBeLessThanOrEqual(4);
  }, 60_000);

  it('makes no more token calls when each request has another id in its path', async () => {
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

  it('renews a revoked token once, even in the pause, and every call of other endpoints succeeds', async () => {
    await untilAllPause();
    expect(await all(payment)).toEqual(apps.map(() => 200));
    portone.resetCalls();
    portone.revokeAccessTokens();
    const paths = [payment, '/payments', payment];
    const answers = await Promise.all([...paths, refusing].map(all));
    expect(answers.slice(0, 3).flat()).toEqual(
      Array.from({ length: 3 * SIZE }, () => 200),
    );
    expect(portone.calls.tokens).toBe(1);
    expect(
      new Set(apps.map(({ tokens }) => tokens.peekAccessToken())).size,
    ).toBe(1);
  }, 60_000);

  it('lets a paused app adopt a good token that another app has renewed', async () => {
    await untilAllPause();
    portone.heal();
    expect(await statusOf(apps[0]!, refusing)).toBe(404);
    portone.revokeAccessTokens();
    const [first, ...others] = apps;
    await first!.tokens.renew();
    portone.resetCalls();
    const since = performance.now();
    let waiting = others;
    while (waiting.length > 0) {
      const answers = await Promise.all(
        waiting.map((app) => statusOf(app, refusing)),
      );
      waiting = waiting.filter((_, at) => answers[at] === 401);
    }
    // The pauses alone would last longer.
    expect(performance.now() - since).toBeLessThan(10_000);
    expect(portone.calls.tokens).toBe(0);
  }, 60_000);
});
