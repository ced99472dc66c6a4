import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/promises.js';
import { closeShops, openEmulator, openShop } from '../support/shop.js';
import { VirtualTime } from '../support/virtual-time.js';
import { Recipe } from './run-recipe.js';

afterEach(async () => {
  Recipe.killAll();
  await closeShops();
});

describe('Three replicas without a store', () => {
  /** Counts logins and rejected refreshes during the boot and five lifetimes. */
  async function count(strategy: 'auto' | 'login'): Promise<number[]> {
    const time = new VirtualTime();
    const options = { renewal: { strategy } };
    const first = await openShop({ time, options });
    const { portone } = first;
    const random = [0.2, 0.8];
    const rest = await Promise.all(
      random.map((value) =>
        openShop({ time, portone, options, random: () => value }),
      ),
    );
    const all = [first, ...rest];
    const isSettled = () =>
      eventually(() =>
        all.every(({ tokens }) => tokens.snapshot().renewsInMs !== undefined),
      );
    // A renewal starts after 80 to 85 % of 30 minutes, so 2 hours and 10 minutes have five.
    await time.advance(130 * 60_000, isSettled);
    const refused = portone.calls.requests.filter(
      ({ endpoint, status }) => endpoint === 'refresh' && status !== 200,
    );
    return [portone.calls.login, refused.length];
  }

  it('log in once each at boot and for every lifetime; with `auto` each tries to refresh only once', async () => {
    expect(await count('login')).toEqual([18, 0]);
    await closeShops();
    expect(await count('auto')).toEqual([18, 3]);
  });
});

it('Three processes of node:cluster, as in PM2 cluster mode, log in three times', async () => {
  const portone = await openEmulator();
  const recipe = await Recipe.start('cluster.ts', portone);
  await eventually(() => portone.calls.login === 3);
  await recipe.listening();
  expect((await fetch(`${recipe.url}/health/ready`)).status).toBe(200);
  expect(portone.calls.login).toBe(3);
  await recipe.terminate();
}, 120_000);

describe('A pod', () => {
  it('is ready with a token, stays alive without one, and finishes a refund before it exits', async () => {
    const portone = await openEmulator();
    const recipe = await Recipe.start('server.ts', portone);
    await recipe.listening();
    const ask = async (path: string, method = 'GET') =>
      (await fetch(`${recipe.url}/${path}`, { method })).status;
    expect(await ask('health/ready')).toBe(200);
    portone.delay('POST /payments/payment-1/cancel', 1_500);
    const refund = ask('payments/payment-1/refund', 'POST');
    await eventually(() => portone.calls.requests.length === 2);
    expect(await recipe.terminate()).toBe('SIGTERM');
    expect(await refund).toBe(201);
    const cold = await Recipe.start('server.ts', portone);
    portone.fail('tokens', { kind: 'status', status: 503 });
    await cold.listening();
    expect((await fetch(`${cold.url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${cold.url}/health/live`)).status).toBe(200);
  }, 120_000);
});
