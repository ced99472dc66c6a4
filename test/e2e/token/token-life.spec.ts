import { afterEach, describe, expect, it } from '@jest/globals';
import { closeShops, openShop } from '../../support/shop.js';

const payment = '/payments/payment-1';

describe('The life of a token', () => {
  afterEach(closeShops);

  it.each([true, false])(
    '1,000 concurrent first calls share one login (eager: %s)',
    async (eager) => {
      const { portone, http } = await openShop({ options: { eager } });
      const answers = await Promise.all(
        Array.from({ length: 1000 }, () => http.axiosRef.get(payment)),
      );
      expect(answers.every(({ status }) => status === 200)).toBe(true);
      expect(portone.calls).toMatchObject({
        login: 1,
        refresh: 0,
        api: 1000,
        unauthorized: 0,
      });
    },
  );

  it('50 lifetimes of steady traffic cost one refresh each and no failed call', async () => {
    const { portone, http, advance } = await openShop();
    for (let lifetime = 0; lifetime < 50; lifetime += 1) {
      const before = portone.calls.tokens;
      while (portone.calls.tokens === before) {
        expect((await http.axiosRef.get(payment)).status).toBe(200);
        await advance(60_000);
      }
    }
    expect(portone.calls).toMatchObject({
      login: 1,
      refresh: 50,
      unauthorized: 0,
    });
  });

  it('the control: with renewal off the emulator does answer 401', async () => {
    const { portone, http, time } = await openShop({
      options: { renewal: { background: false } },
    });
    const token = portone.calls.tokens;
    portone.fail('tokens', { kind: 'status', status: 503 });
    await http.axiosRef.get(payment);
    const { headers } = portone.calls.requests.at(-1)!;
    await time.advance(31 * 60_000);
    const late = await fetch(`${portone.url}${payment}`, {
      headers: { authorization: String(headers['authorization']) },
    });
    expect(late.status).toBe(401);
    expect(token).toBe(1);
  });

  it('a refused refresh token is followed by a login in the same flight', async () => {
    const { portone, tokens } = await openShop();
    portone.revokeRefreshTokens();
    await tokens.renew();
    expect(portone.calls).toMatchObject({ login: 2, refresh: 1 });
  });

  it('a refresh token killed by another process each time costs at most 1.2 token calls a renewal', async () => {
    const { portone, tokens } = await openShop();
    portone.resetCalls();
    for (let renewal = 0; renewal < 50; renewal += 1) {
      portone.revokeRefreshTokens();
      await tokens.renew();
    }
    expect(portone.calls.tokens).toBeLessThanOrEqual(60);
  });

  it.each([
    ['503', { kind: 'status', status: 503 }],
    ['429', { kind: 'status', status: 429, retryAfter: 30 }],
    ['reset', { kind: 'reset-before-answer' }],
    ['malformed', { kind: 'malformed-tokens' }],
    ['HTML 401', { kind: 'html-401' }],
  ] as const)(
    '%s on refresh is no reason to log in; it recovers by itself',
    async (_, fault) => {
      const { portone, http, tokens, advance } = await openShop();
      portone.fail('refresh', fault, { times: 1 });
      await advance(1799_000 * 0.825 + 1);
      expect(portone.calls).toMatchObject({ login: 1, refresh: 1 });
      expect((await http.axiosRef.get(payment)).status).toBe(200);
      await advance(tokens.snapshot().renewsInMs! + 1);
      expect(portone.calls).toMatchObject({
        login: 1,
        refresh: 2,
        unauthorized: 0,
      });
    },
  );

  it('close leaves no timer and makes no later token call', async () => {
    const { portone, module, time } = await openShop();
    await module.close();
    const calls = portone.calls.tokens;
    await time.advance(86_400_000);
    expect(time.nextDueIn).toBeUndefined();
    expect(portone.calls.tokens).toBe(calls);
  });
});
