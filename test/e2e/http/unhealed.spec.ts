import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { closeShops, openShop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';

const payment = '/payments/payment-1';

describe('An API that answers 401 to every token', () => {
  afterEach(closeShops);

  it('gets at most two calls for each request, and renewals pause', async () => {
    const { portone, http, tokens } = await openShop();
    portone.fail('api', { kind: 'status', status: 401 });
    portone.resetCalls();
    for (let call = 0; call < 10; call += 1) {
      const before = portone.calls.api;
      await expect(http.axiosRef.get(payment)).rejects.toMatchObject({
        response: { status: 401 },
        portoneAuth: { replayed: call === 0, replayable: true },
      });
      expect(portone.calls.api - before).toBe(call === 0 ? 2 : 1);
    }
    expect(portone.calls.tokens).toBe(1);
    expect(tokens.snapshot().pausedForMs).toBe(1_000);
    portone.heal();
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    expect(portone.calls.tokens).toBe(1);
  });

  it('causes one renewal for many refused calls at once', async () => {
    const { portone, http, tokens } = await openShop();
    portone.fail('api', { kind: 'status', status: 401 });
    portone.resetCalls();
    const settled = await Promise.allSettled(
      Array.from({ length: 50 }, () => http.axiosRef.get(payment)),
    );
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    expect(portone.calls.tokens).toBe(1);
    expect(portone.calls.api).toBeLessThanOrEqual(100);
    expect(tokens.snapshot().pausedForMs).toBe(1_000);
  });

  it.each([
    ['has already been replaced', 0],
    ['is being replaced', 3_000],
  ])(
    'causes a single pause when it refuses a new token that %s for another call',
    async (_, renewalMs) => {
      const { portone, http, tokens } = await openShop();
      const pauses: unknown[] = [];
      tokens.events$.subscribe((event) => {
        if (event.type === 'renewals-paused') pauses.push(event.pausedForMs);
      });
      portone.fail('api', { kind: 'status', status: 401 });
      portone.resetCalls();
      // In ms: the first attempt and the replay of one call, then both of another call. The first replay is slow, so that the
      // renewal for the other call begins before its answer, also on a busy machine.
      const delays = [0, 1_500, 0, 400];
      portone.delay('api', () => delays.shift() ?? 0);
      const one = http.axiosRef.get(payment).catch(() => undefined);
      await until(() => portone.calls.api === 2);
      portone.delay('tokens', renewalMs);
      const other = http.axiosRef.get(payment).catch(() => undefined);
      await until(() => portone.calls.tokens === 2);
      await one;
      expect(pauses).toEqual([1_000]);
      await other;
      await http.axiosRef.get(payment).catch(() => undefined);
      expect(pauses).toEqual([1_000]);
      expect(portone.calls).toMatchObject({ tokens: 2, api: 5 });
    },
  );

  it.each([
    ['that cannot be replayed', {}, () => Readable.from(['{}'])],
    ['with retry: false', { portoneAuth: { retry: false } }, () => ({})],
  ])(
    'causes 12 renewals for 60 requests %s in 2 minutes',
    async (_, config, body) => {
      const { portone, http, tokens, advance } = await openShop();
      portone.fail('api', { kind: 'status', status: 401 });
      portone.resetCalls();
      for (let call = 0; call < 60; call += 1) {
        await http.axiosRef.post('/echo', body(), config).catch(() => 401);
        await until(() => tokens.snapshot().renewsInMs !== undefined);
        await advance(2_000);
      }
      expect(portone.calls.api).toBe(60);
      expect(portone.calls.tokens).toBe(12);
    },
  );

  it('causes at most 8 token calls in 40 s, even if each first token call fails', async () => {
    const { portone, http, tokens, advance } = await openShop();
    portone.fail('api', { kind: 'status', status: 401 });
    portone.resetCalls();
    const config = { portoneAuth: { retry: false } };
    for (let call = 0; call < 25; call += 1) {
      const down = { kind: 'status', status: 503 } as const;
      portone.fail('tokens', down, { times: 1 });
      await http.axiosRef.get(payment, config).catch(() => 401);
      await until(() => tokens.snapshot().renewsInMs !== undefined);
      await advance(1_600);
    }
    expect(portone.calls.tokens).toBeLessThanOrEqual(8);
  });

  it('causes 12 renewals in 2 minutes when the app invalidates 60 refused tokens', async () => {
    const { portone, tokens, advance } = await openShop();
    portone.resetCalls();
    for (let call = 0; call < 60; call += 1) {
      tokens.invalidate(await tokens.getAccessToken());
      await tokens.getAccessToken();
      await advance(2_000);
    }
    expect(portone.calls.tokens).toBe(12);
  });

  it('does not fail or delay calls of another endpoint', async () => {
    const { portone, http, tokens } = await openShop();
    portone.resetCalls();
    // Two fresh tokens are refused; later calls are answered normally.
    portone.fail('api', { kind: 'status', status: 401 }, { times: 2 });
    await expect(http.axiosRef.get(payment)).rejects.toThrow('401');
    const current = await tokens.getAccessToken();
    portone.fail('tokens', { kind: 'hang' });
    expect((await http.axiosRef.get('/payments/payment-2')).status).toBe(200);
    expect(tokens.peekAccessToken()).toBe(current);
    expect(portone.calls.tokens).toBe(1);
  });
});
