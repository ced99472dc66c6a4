import { afterEach, describe, expect, it } from '@jest/globals';
import { closeShops, openShop, type Shop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';

const odd = '/payments/odd';
const payment = '/payments/payment-1';
const always401 = { kind: 'status', status: 401 } as const;

const statusOf = ({ http }: Shop, path: string): Promise<number> =>
  http.axiosRef
    .get(path, { validateStatus: () => true })
    .then(({ status }) => status);

/** A shop with one endpoint that always answers 401. Because of it, renewals are in the longest pause. */
async function openPausedShop(): Promise<Shop> {
  const shop = await openShop();
  const { portone, tokens, advance } = shop;
  portone.fail(odd, always401);
  for (const pauseMs of [1_000, 20_000, 40_000, 60_000]) {
    expect(await statusOf(shop, odd)).toBe(401);
    expect(tokens.snapshot().pausedForMs).toBe(pauseMs);
    if (pauseMs < 60_000) await advance(pauseMs);
  }
  portone.resetCalls();
  return shop;
}

/** Calls an endpoint with a revoked token, and revokes the new token before it arrives. Gives the status of the call. */
async function callWithLostRenewal(shop: Shop): Promise<number> {
  const { portone } = shop;
  await statusOf(shop, payment);
  portone.revokeAccessTokens();
  let isIssued = false;
  portone.delay('tokens', () => {
    isIssued = true;
    return 50;
  });
  const status = statusOf(shop, payment);
  await until(() => isIssued);
  portone.delay('tokens', 0);
  portone.revokeAccessTokens();
  return status;
}

describe('An endpoint that always answers 401', () => {
  afterEach(closeShops);

  it('causes a token call at its first 401, and one after each pause of 1, 20, 40 and 60 s', async () => {
    const shop = await openShop();
    shop.portone.fail(odd, always401);
    shop.portone.resetCalls();
    const calledAt: number[] = [];
    for (let second = 0; second < 200; second += 1) {
      const before = shop.portone.calls.tokens;
      await statusOf(shop, odd);
      if (shop.portone.calls.tokens > before) calledAt.push(second);
      await statusOf(shop, payment);
      await shop.advance(1_000);
    }
    expect(calledAt).toEqual([0, 1, 21, 61, 121, 181]);
  });

  it('causes two token calls in all when each of its paths has another id', async () => {
    const shop = await openShop();
    shop.portone.fail('GET', always401);
    shop.portone.resetCalls();
    for (let call = 0; call < 100; call += 1)
      await statusOf(shop, `/payments/odd-${call}`);
    expect(shop.portone.calls.tokens).toBe(2);
  });
});

describe('During the longest pause because of one endpoint, a revoked token', () => {
  afterEach(closeShops);

  it('is renewed once, and calls of other endpoints succeed', async () => {
    const shop = await openPausedShop();
    await statusOf(shop, payment);
    shop.portone.revokeAccessTokens();
    const paths = [payment, '/payments', '/payments/unknown', payment];
    const statuses = await Promise.all(
      [...paths, odd, ...paths].map((path) => statusOf(shop, path)),
    );
    expect(statuses).toEqual([200, 200, 404, 200, 401, 200, 200, 404, 200]);
    expect(shop.portone.calls.tokens).toBe(1);
  });

  it('is renewed for a path that was never called before, every time', async () => {
    const shop = await openPausedShop();
    for (let times = 1; times <= 10; times += 1) {
      shop.portone.revokeAccessTokens();
      expect(await statusOf(shop, `/payments/unknown-${times}`)).toBe(404);
      expect(shop.portone.calls.tokens).toBe(times);
    }
  });

  it('is renewed for every new id, even if the endpoint that always answers 401 gets new ids too', async () => {
    const shop = await openShop();
    const { portone, tokens, advance } = shop;
    portone.fail('POST /payments/:paymentId/cancel', always401);
    let id = 0;
    const refused = async () => {
      const path = `/payments/id-${(id += 1)}/cancel`;
      const config = { validateStatus: () => true };
      const { status } = await shop.http.axiosRef.post(path, {}, config);
      expect(status).toBe(401);
    };
    for (let call = 0; call < 200; call += 1) {
      await refused();
      await statusOf(shop, `/payments/id-${(id += 1)}`);
      await advance(1_000);
    }
    expect(tokens.snapshot().pausedForMs).toBeGreaterThan(10_000);
    for (let times = 0; times < 10; times += 1) {
      portone.resetCalls();
      portone.revokeAccessTokens();
      await refused();
      expect(await statusOf(shop, `/payments/id-${(id += 1)}`)).toBe(404);
      expect(portone.calls.tokens).toBe(1);
      await refused();
    }
  });

  it('fails calls of an endpoint for at most one second when the new token is revoked before it arrives', async () => {
    const shop = await openPausedShop();
    const { portone, advance } = shop;
    expect(await callWithLostRenewal(shop)).toBe(401);
    await advance(1_000);
    expect(await statusOf(shop, payment)).toBe(200);
    expect(portone.calls.tokens).toBe(2);
  });

  it('is renewed by the other endpoints during that second', async () => {
    const shop = await openPausedShop();
    const { portone } = shop;
    expect(await callWithLostRenewal(shop)).toBe(401);
    expect(await statusOf(shop, '/payments')).toBe(200);
    expect(await statusOf(shop, payment)).toBe(200);
    expect(portone.calls.tokens).toBe(2);
  });
});

describe('A replay that is refused after a delay', () => {
  afterEach(closeShops);

  it('starts no pause when its token has already been replaced', async () => {
    const { portone, http, tokens } = await openShop();
    portone.fail(payment, always401);
    const delays = [0, 200];
    portone.delay(payment, () => delays.shift() ?? 0);
    const answer = http.axiosRef.get(payment).catch(() => 401);
    await until(() => portone.calls.api === 2);
    await tokens.renew();
    expect(await answer).toBe(401);
    expect(tokens.snapshot().pausedForMs).toBeUndefined();
  });
});

describe('Two expired token pairs in a row at boot', () => {
  afterEach(closeShops);

  it('are replaced within two seconds', async () => {
    const shop = await openShop({
      beforeInit: ({ portone }) =>
        portone.fail('tokens', { kind: 'expired-tokens' }, { times: 2 }),
    });
    expect(await statusOf(shop, payment)).toBe(401);
    await shop.advance(2_000);
    expect(await statusOf(shop, payment)).toBe(200);
    // Two logins, and a refresh that PortOne rejects because its refresh token has expired.
    expect(shop.portone.calls).toMatchObject({ login: 2, refresh: 2 });
  });
});
