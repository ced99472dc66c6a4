import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../support/virtual-time.js';
import { closeShops, openShop } from '../support/shop.js';
import { PortOneApi } from './retries.js';

/** The backoff is short, because axios-retry waits in real time. */
const open = async () => {
  const backoff = { initial: 100, max: 100 };
  const options = { eager: false, renewal: { backoff } };
  const shop = await openShop({ options });
  const { http } = new PortOneApi(shop.http);
  const sent = () =>
    shop.portone.calls.requests.map(({ path, status }) => `${path} ${status}`);
  return { ...shop, axios: http.axiosRef, sent };
};

describe('axios-retry and axios-cache-interceptor on one instance', () => {
  afterEach(closeShops);

  it('send a GET again after a 503, with the token on each attempt', async () => {
    const { portone, axios, sent } = await open();
    portone.fail('api', { kind: 'status', status: 503 }, { times: 1 });
    expect((await axios.get('/payments/payment-1')).status).toBe(200);
    expect(sent()).toEqual([
      '/login/api-secret 200',
      '/payments/payment-1 503',
      '/payments/payment-1 200',
    ]);
  });

  it('do not send a refund again', async () => {
    const { portone, axios, sent } = await open();
    portone.fail('api', { kind: 'status', status: 503 }, { times: 1 });
    const refund = axios.post('/payments/payment-1/cancel', { reason: 'why' });
    await expect(refund).rejects.toMatchObject({ response: { status: 503 } });
    expect(sent()).toHaveLength(2);
  });

  it('leave a 401 to the module, which replays it once', async () => {
    const { portone, axios, tokens, sent } = await open();
    await tokens.getAccessToken();
    portone.revokeAccessTokens();
    expect((await axios.get('/payments/payment-1')).status).toBe(200);
    expect(sent()).toEqual([
      '/login/api-secret 200',
      '/payments/payment-1 401',
      '/token/refresh 200',
      '/payments/payment-1 200',
    ]);
  });

  it('answer from the cache without a request, even while PortOne is down', async () => {
    const { portone, axios, sent } = await open();
    const { data } = await axios.get('/payments/payment-1');
    portone.fail('api', { kind: 'status', status: 503 });
    const again = await axios.get('/payments/payment-1');
    expect(again).toMatchObject({ data, cached: true });
    expect(sent()).toHaveLength(2);
  });

  it('send a GET again after the retryAfterMs of a missing token', async () => {
    const { portone, axios, tokens, sent, advance } = await open();
    const busy = { kind: 'status', status: 503 } as const;
    portone.fail('login', busy, { times: 1 });
    const answer = axios.get('/payments/payment-1');
    await until(() => tokens.snapshot().consecutiveFailures === 1);
    await advance(100);
    await expect(answer).resolves.toMatchObject({ status: 200 });
    expect(sent()).toEqual([
      '/login/api-secret 503',
      '/login/api-secret 200',
      '/payments/payment-1 200',
    ]);
  });
});
