import { afterEach, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { TokenUnavailableError } from '../../lib/index.js';
import { closeShops, openShop } from '../support/shop.js';

const payment = '/payments/payment-1';

describe('Attach and replay', () => {
  afterEach(closeShops);

  it.each([20, 2000])(
    'a token revoked under %i calls costs one renewal and no failed call',
    async (calls) => {
      const { portone, http } = await openShop();
      portone.resetCalls();
      portone.revokeAccessTokens();
      let n = 0;
      portone.delay('api', () => ((n++ % 20) * 380) / 19);
      portone.delay('tokens', 50);
      const answers = await Promise.all(
        Array.from({ length: calls }, () => http.axiosRef.get(payment)),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(
        calls,
      );
      expect(portone.calls).toMatchObject({
        tokens: 1,
        api: 2 * calls,
        unauthorized: calls,
      });
    },
  );

  it.each([
    ['JSON', { amount: 1 }],
    ['string', 'plain text'],
    ['URLSearchParams', new URLSearchParams({ a: '1' })],
    ['Buffer', Buffer.from('bytes')],
  ])(
    '%s is replayed with the same body, and transformed once',
    async (_, body) => {
      const { portone, http } = await openShop();
      portone.revokeAccessTokens();
      portone.resetCalls();
      let transformed = 0;
      http.axiosRef.interceptors.request.use((config) => {
        transformed += 1;
        return config;
      });
      await http.axiosRef.post('/echo', body, {
        headers: { 'Idempotency-Key': '"0123456789abcdef"' },
      });
      const [first, second] = portone.calls.requests.filter(
        ({ endpoint }) => endpoint === 'api',
      );
      expect(second!.body).toBe(first!.body);
      expect(second!.headers['idempotency-key']).toBe(
        first!.headers['idempotency-key'],
      );
      expect(transformed).toBe(1);
    },
  );

  it('a stream is not replayed and the error says so', async () => {
    const { portone, http } = await openShop();
    portone.revokeAccessTokens();
    await expect(
      http.axiosRef.post('/echo', Readable.from(['once'])),
    ).rejects.toMatchObject({
      response: { status: 401 },
      portoneAuth: { replayed: false, replayable: false },
    });
  });

  it('an API that always says 401 gets at most two calls a request, and renewals pause', async () => {
    const { portone, http, tokens } = await openShop();
    portone.fail('api', { kind: 'status', status: 401 });
    portone.resetCalls();
    for (let call = 0; call < 10; call += 1) {
      await expect(http.axiosRef.get(payment)).rejects.toMatchObject({
        response: { status: 401 },
      });
    }
    expect(portone.calls).toMatchObject({ tokens: 1, api: 11 });
    expect(tokens.snapshot().pausedForMs).toBe(10_000);
    portone.heal();
    expect((await http.axiosRef.get(payment)).status).toBe(200);
  });

  it('a spurious 401 while the token endpoint is down costs only its own call', async () => {
    const { portone, http } = await openShop();
    portone.fail('tokens', { kind: 'status', status: 503 });
    portone.fail('api', { kind: 'status', status: 401 }, { times: 1 });
    await expect(http.axiosRef.get(payment)).rejects.toBeInstanceOf(
      TokenUnavailableError,
    );
    expect((await http.axiosRef.get(payment)).status).toBe(200);
  });

  it.each([
    'http://127.0.0.1.evil.test/',
    '//evil.test/x',
    'http://user:pw@127.0.0.1/',
    'http://127.0.0.1:9/',
  ])('%s never gets the token', async (url) => {
    const { http } = await openShop();
    let seen: unknown;
    await http.axiosRef.get(url, {
      adapter: (config) => {
        seen = config.headers.get('Authorization');
        return Promise.resolve({
          data: '',
          status: 200,
          statusText: '',
          headers: {},
          config,
        });
      },
    });
    expect(seen).toBeUndefined();
  });

  it('no token is left in a response or an error', async () => {
    const { portone, http, tokens } = await openShop();
    const token = await tokens.getAccessToken();
    const ok = await http.axiosRef.get(payment);
    const failed: unknown = await http.axiosRef
      .get('/payments/none')
      .catch((error: unknown) => error);
    const streamed = await http.axiosRef.get(payment, {
      responseType: 'stream',
    });
    for (const value of [ok, failed, streamed, tokens]) {
      const text = inspect(value, { depth: null, showHidden: true });
      expect(text).not.toContain(token);
      expect(text).not.toContain(portone.apiSecret);
    }
    (streamed.data as Readable).resume();
  });
});
