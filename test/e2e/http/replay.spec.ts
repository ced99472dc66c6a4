import { afterEach, describe, expect, it } from '@jest/globals';
import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { TokenUnavailableError } from '../../../lib/index.js';
import { openRevokedShop } from '../../support/revoked-shop.js';
import { closeShops, openShop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';

const payment = '/payments/payment-1';

describe('A refused request of axios', () => {
  afterEach(closeShops);

  it('runs transforms and interceptors once for both attempts', async () => {
    const shop = await openRevokedShop();
    const { axiosRef } = shop.http;
    const ran: string[] = [];
    axiosRef.interceptors.request.use((config) => {
      ran.push('request');
      return config;
    });
    axiosRef.interceptors.response.use((response) => {
      ran.push('response');
      return response;
    });
    await axiosRef.post('/echo', undefined, {
      transformRequest: () => {
        ran.push('transformRequest');
        return 'x';
      },
      transformResponse: (data: unknown) => {
        ran.push('transformResponse');
        return data;
      },
    });
    expect(ran).toEqual([
      'request',
      'transformRequest',
      'transformResponse',
      'response',
    ]);
    expect(shop.portone.calls.api).toBe(2);
  });

  it('is not replayed with { retry: false }, but the token is renewed', async () => {
    const { http, portone } = await openRevokedShop();
    await expect(
      http.axiosRef.get(payment, { portoneAuth: { retry: false } }),
    ).rejects.toMatchObject({
      response: { status: 401 },
      portoneAuth: { replayed: false, replayable: true },
    });
    await until(() => portone.calls.tokens === 1);
    expect(portone.calls.api).toBe(1);
  });

  it.each([{}, { retry: true }])(
    'is replayed with portoneAuth %j',
    async (portoneAuth) => {
      const { http, portone } = await openRevokedShop();
      const { status } = await http.axiosRef.get(payment, { portoneAuth });
      expect(status).toBe(200);
      expect(portone.calls.api).toBe(2);
    },
  );

  it('is replayed also when validateStatus accepts the 401', async () => {
    const { http, portone } = await openRevokedShop();
    const validateStatus = () => true;
    const { status } = await http.axiosRef.get(payment, { validateStatus });
    expect(status).toBe(200);
    portone.fail('api', { kind: 'status', status: 401 });
    const refused = await http.axiosRef.get(payment, { validateStatus });
    expect(refused.status).toBe(401);
  });

  it.each([
    ['resolves', () => true],
    ['rejects', undefined],
  ])(
    'frees the connection of a streamed 401 that %s',
    async (_, validateStatus) => {
      const httpAgent = new Agent({ keepAlive: true });
      const { http, portone } = await openShop({
        options: { http: { httpAgent } },
      });
      // More than the buffers between server and client hold.
      const body = { message: 'x'.repeat(4 << 20) };
      portone.fail('api', { kind: 'status', status: 401, body }, { times: 1 });
      const { data } = await http.axiosRef.get<Readable>(payment, {
        responseType: 'stream',
        ...(validateStatus && { validateStatus }),
      });
      expect(JSON.parse(await text(data))).toMatchObject({ id: 'payment-1' });
      await until(() => Object.keys(httpAgent.sockets).length === 0);
      httpAgent.destroy();
    },
  );

  it('frees the connection of a streamed 401 also when the renewal fails', async () => {
    const httpAgent = new Agent({ keepAlive: true });
    const { http, portone } = await openShop({
      options: { http: { httpAgent } },
    });
    const body = { message: 'x'.repeat(4 << 20) };
    portone.fail('api', { kind: 'status', status: 401, body });
    portone.fail('tokens', { kind: 'status', status: 503 });
    await expect(
      http.axiosRef.get(payment, { responseType: 'stream' }),
    ).rejects.toBeInstanceOf(TokenUnavailableError);
    await until(() => Object.keys(httpAgent.sockets).length === 0);
    httpAgent.destroy();
  });

  it('starts no renewal when it is answered 403', async () => {
    const { http, portone } = await openShop();
    portone.resetCalls();
    portone.fail('api', { kind: 'status', status: 403 });
    await expect(http.axiosRef.get(payment)).rejects.toMatchObject({
      response: { status: 403 },
      portoneAuth: { replayed: false, replayable: true },
    });
    expect(portone.calls.tokens).toBe(0);
    expect(portone.calls.api).toBe(1);
  });

  it('carries the current token when its config is sent again, as by retry libraries', async () => {
    const { http, portone } = await openShop();
    const { axiosRef } = http;
    // A short form of axios-retry.
    axiosRef.interceptors.response.use(undefined, (error: unknown) => {
      const { config, response } = error as {
        config: Parameters<typeof axiosRef.request>[0];
        response?: { status: number };
      };
      if (response?.status !== 503) throw error;
      return axiosRef.request(config);
    });
    portone.fail('api', { kind: 'status', status: 503 }, { times: 3 });
    portone.resetCalls();
    const first = await axiosRef.post('/echo', { amount: 1 });
    portone.revokeAccessTokens();
    const second = await axiosRef.request(first.config);
    expect([first.status, second.status]).toEqual([200, 200]);
    const calls = portone.calls.requests.filter((c) => c.endpoint === 'api');
    expect(calls.map(({ status }) => status)).toEqual([
      503, 503, 503, 200, 401, 200,
    ]);
    expect(new Set(calls.map(({ body }) => body))).toEqual(
      new Set(['{"amount":1}']),
    );
    expect(portone.calls.tokens).toBe(1);
  });

  it('fails alone when the token endpoint is down; the next call still uses the token', async () => {
    const { portone, http } = await openShop();
    portone.fail('tokens', { kind: 'status', status: 503 });
    portone.fail('api', { kind: 'status', status: 401 }, { times: 1 });
    await expect(http.axiosRef.get(payment)).rejects.toBeInstanceOf(
      TokenUnavailableError,
    );
    expect((await http.axiosRef.get(payment)).status).toBe(200);
  });
});
