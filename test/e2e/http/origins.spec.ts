import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpModule, HttpService } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import axios, { type AxiosRequestConfig } from 'axios';
import { LogBook } from '../../support/log-book.js';
import { closeShops, openShop } from '../../support/shop.js';
import { capture } from './capture.js';
import { closeWitnesses, openWitness } from './witness.js';

describe('A request of axios', () => {
  afterEach(async () => {
    closeWitnesses();
    await closeShops();
  });

  it.each<[string, (own: URL) => AxiosRequestConfig]>([
    ['data', () => ({ url: 'data:text/plain,x', baseURL: '' })],
    ['another baseURL', () => ({ url: '/x', baseURL: 'http://evil.test' })],
    ['no baseURL', () => ({ url: '/x', baseURL: '' })],
    [
      'a baseURL with a user',
      ({ host }) => ({ url: '/x', baseURL: `http://a@${host}` }),
    ],
    [
      'another baseURL, absolute URLs off',
      ({ origin }) => ({
        url: `${origin}/x`,
        baseURL: 'http://evil.test',
        allowAbsoluteUrls: false,
      }),
    ],
    [
      'another URL that only axios reads as a path',
      () => ({ url: 'http://evil.test/x', allowAbsoluteUrls: false }),
    ],
    ['a unix socket', () => ({ url: '/x', socketPath: '/tmp/evil.sock' })],
    [
      'credentials of the caller',
      () => ({ url: '/x', auth: { username: 'a', password: 'b' } }),
    ],
    ['portoneAuth: false', () => ({ url: '/x', portoneAuth: false })],
  ])('carries no token for %s', async (_, request) => {
    const { http, portone } = await openShop();
    const adapter = capture();
    await http.axiosRef.request({
      ...request(new URL(portone.url)),
      adapter,
    });
    expect(adapter.tokens).toEqual([undefined]);
  });

  it.each<[string, (own: URL) => AxiosRequestConfig]>([
    ['a path with a colon', () => ({ url: 'payments:list' })],
    ['no URL', () => ({})],
    [
      'our absolute URL over another base',
      ({ origin }) => ({ url: `${origin}/x`, baseURL: 'http://evil.test' }),
    ],
    [
      'our baseURL with a path',
      ({ origin }) => ({ url: '/x', baseURL: `${origin}/v2/` }),
    ],
  ])('carries the token for %s', async (_, request) => {
    const { http, portone, tokens } = await openShop();
    const adapter = capture();
    await http.axiosRef.request({ ...request(new URL(portone.url)), adapter });
    expect(adapter.tokens).toEqual([`Bearer ${await tokens.getAccessToken()}`]);
  });

  it('with a URL object is treated like one with a string, or fails in axios before it is sent', async () => {
    const { http, portone } = await openShop();
    const own = new URL('/echo', portone.url) as unknown as string;
    const foreign = new URL('http://evil.test/') as unknown as string;
    const adapter = capture();
    await http.axiosRef.get(own, { baseURL: '', adapter });
    await http.axiosRef.get(foreign, { baseURL: '', adapter });
    expect(adapter.tokens).toEqual([
      expect.stringMatching(/^Bearer /),
      undefined,
    ]);
    portone.resetCalls();
    await expect(http.axiosRef.get(own)).rejects.toThrow(TypeError);
    expect(portone.calls.api).toBe(0);
  });

  it('carries no token when the caller sets Authorization to null', async () => {
    const { http } = await openShop();
    const adapter = capture();
    await http.axiosRef.get('/echo', {
      headers: { authorization: null },
      adapter,
    });
    expect(adapter.tokens).toEqual([null]);
  });

  it.each(['one before ours', 'one after ours'])(
    'carries no token to a target set by an interceptor, %s',
    async (where) => {
      const { http } = await openShop();
      const evil = await openWitness();
      const { axiosRef } = http;
      // Today the last interceptor runs first. With this setting axios runs them in the other order.
      axiosRef.defaults.transitional = {
        legacyInterceptorReqResOrdering: where === 'one before ours',
      };
      const seen: unknown[] = [];
      axiosRef.interceptors.request.use((config) => {
        seen.push(config.headers.get('Authorization'));
        config.baseURL = evil.url;
        return config;
      });
      await axiosRef.get('/x');
      expect(seen).toEqual([undefined]);
      expect(evil.seen).toMatchObject([
        { path: '/x', authorization: undefined },
      ]);
    },
  );

  it('of the global axios, a sibling instance or another HttpModule carries no token', async () => {
    @Module({ imports: [HttpModule], exports: [HttpModule] })
    class OtherModule {}
    const { http, portone, module } = await openShop({
      imports: [OtherModule],
    });
    const plain = module.select(OtherModule).get(HttpService);
    expect(plain).not.toBe(http);
    const others = [
      axios,
      axios.create(),
      http.axiosRef.create(),
      plain.axiosRef,
    ];
    for (const other of others) {
      await expect(other.get(`${portone.url}/echo`)).rejects.toMatchObject({
        response: { status: 401 },
      });
    }
    expect(axios.interceptors.request).toHaveProperty('handlers', []);
  });

  it('of an instance made by axiosRef.create() carries no token, and one warning says so', async () => {
    const logger = new LogBook();
    const { http } = await openShop({ logger });
    http.axiosRef.create({ baseURL: 'https://elsewhere.test' });
    expect(logger.saying('axiosRef.create()')).toEqual([]);
    for (const timeout of [1, 2]) {
      const { defaults } = http.axiosRef.create({ timeout });
      expect(defaults).toMatchObject({
        timeout,
        baseURL: http.axiosRef.defaults.baseURL,
      });
    }
    expect(logger.saying('axiosRef.create()', 'warn')).toHaveLength(1);
  });

  it('of the global axios carries no token when it reuses our config', async () => {
    const { http, portone } = await openShop();
    const { config } = await http.axiosRef.get('/echo');
    await expect(axios.request(config)).rejects.toMatchObject({
      response: { status: 401 },
    });
    expect(portone.calls.unauthorized).toBe(1);
  });

  it.each<[string, () => AxiosRequestConfig]>([
    ['signal', () => ({ signal: AbortSignal.abort() })],
    [
      'cancelToken',
      () => {
        const { token, cancel } = axios.CancelToken.source();
        cancel();
        return { cancelToken: token };
      },
    ],
  ])(
    'of the global axios carries no token when it reuses a config that its %s had cancelled',
    async (_, given) => {
      const { http, portone } = await openShop();
      let config: AxiosRequestConfig = {};
      http.axiosRef.interceptors.request.use((own) => (config = own));
      await expect(http.axiosRef.get('/echo', given())).rejects.toThrow(
        'canceled',
      );
      await expect(
        axios.request({ ...config, signal: undefined, cancelToken: undefined }),
      ).rejects.toMatchObject({ response: { status: 401 } });
      expect(portone.calls.unauthorized).toBe(1);
    },
  );

  it('carries the token, not the credentials in the defaults of the global axios', async () => {
    const { defaults } = axios;
    defaults.headers.common['Authorization'] = 'Bearer another-api';
    defaults.headers.post['authorization'] = 'Bearer another-api';
    defaults.auth = { username: 'another', password: 'api' };
    try {
      const { http, portone } = await openShop();
      expect((await http.axiosRef.post('/echo', {})).status).toBe(200);
      const [login, echo] = portone.calls.requests;
      expect(login!.headers.authorization).toBeUndefined();
      expect(echo!.headers.authorization).toMatch(/^Bearer ey/);
      expect(defaults.headers.common['Authorization']).toBeDefined();
    } finally {
      delete defaults.headers.common['Authorization'];
      delete defaults.headers.post['authorization'];
      delete defaults.auth;
    }
  });
});
