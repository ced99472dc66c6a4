import { afterEach, describe, expect, it } from '@jest/globals';
import { closeShops, openShop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';

const payment = '/payments/payment-1';

describe('A new token that is revoked while a slow call with the previous token waits', () => {
  afterEach(closeShops);

  it('is renewed once more, and that call succeeds', async () => {
    const { portone, http, tokens } = await openShop();
    let isSlow = true;
    let hasArrived = false;
    portone.revokeAccessTokens();
    portone.delay('api', () => {
      hasArrived = true;
      return isSlow ? 100 : 0;
    });
    const slow = http.axiosRef.get(payment);
    await until(() => hasArrived);
    isSlow = false;
    await tokens.renew();
    portone.revokeAccessTokens();
    expect((await slow).status).toBe(200);
    expect(portone.calls).toMatchObject({ tokens: 3, api: 3, unauthorized: 2 });
  });
});

describe('A 401', () => {
  afterEach(closeShops);

  it('for a token that has already been replaced starts no renewal, also for a call that is not replayed', async () => {
    const { portone, http, tokens } = await openShop();
    portone.resetCalls();
    portone.revokeAccessTokens();
    portone.delay('api', 100);
    const config = { portoneAuth: { retry: false } };
    const slow = http.axiosRef.get(payment, config).catch(() => 401);
    await until(() => portone.calls.api === 1);
    await tokens.renew();
    await slow;
    // No renewal is running: the next one is scheduled.
    expect(tokens.snapshot().renewsInMs).toBeDefined();
    expect(portone.calls).toMatchObject({ tokens: 1, unauthorized: 1 });
  });

  it('during a pause joins a renewal that is already running', async () => {
    const { portone, http, tokens } = await openShop();
    portone.fail('api', { kind: 'status', status: 401 }, { times: 2 });
    await expect(http.axiosRef.get(payment)).rejects.toThrow('401');
    expect(tokens.snapshot().pausedForMs).toBe(1_000);
    portone.resetCalls();
    portone.revokeAccessTokens();
    portone.delay('tokens', 100);
    const planned = tokens.renew();
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    await planned;
    expect(portone.calls).toMatchObject({ tokens: 1, unauthorized: 1 });
  });
});

describe('A token that is revoked during its renewal', () => {
  afterEach(closeShops);

  it('fails no call and starts no pause: the new token was issued before the revocation, so it is renewed again', async () => {
    const { portone, http, tokens } = await openShop();
    let isIssued = false;
    portone.delay('tokens', () => {
      isIssued = true;
      return 50;
    });
    const planned = tokens.renew();
    await until(() => isIssued);
    portone.revokeAccessTokens();
    const answer = await http.axiosRef.get(payment);
    await planned;
    expect(answer.status).toBe(200);
    expect(portone.calls).toMatchObject({ tokens: 3, unauthorized: 2 });
    expect(tokens.snapshot().pausedForMs).toBeUndefined();
  });
});
