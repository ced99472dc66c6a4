import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import axios, { type AxiosRequestConfig } from 'axios';
import type { AnswerFault } from '../../../lib/testing/index.js';
import { errorOf } from '../../support/error-of.js';
import { everyText } from '../../support/every-text.js';
import { closeShops, openShop, type Shop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';

const payment = '/payments/payment-1';

/** A shop that can check a value for its secret and every token it has had. */
async function openWatched(): Promise<
  Shop & { expectNoCanary(value: unknown): void }
> {
  const shop = await openShop();
  const { portone } = shop;
  return Object.assign(shop, {
    expectNoCanary(value: unknown) {
      const sent = portone.calls.requests.flatMap(({ headers, body }) => [
        ...(headers.authorization?.split(' ').slice(1) ?? []),
        ...(/"refreshToken":"([^"]+)/.exec(body)?.slice(1) ?? []),
      ]);
      const shown = everyText(value);
      const current = shop.tokens.peekAccessToken() ?? [];
      for (const canary of [portone.apiSecret, ...sent].concat(current)) {
        expect(shown.includes(canary)).toBe(false);
        // A part of a token is a leak as well.
        expect(shown.includes(canary.slice(-40))).toBe(false);
      }
    },
  });
}

const variants: [string, AxiosRequestConfig][] = [
  ['http', {}],
  ['http, redirects', { maxRedirects: 3 }],
  ['http, streamed', { responseType: 'stream' }],
  [
    'http, redirects, streamed',
    { maxRedirects: 3, responseType: 'stream', maxContentLength: 1 << 20 },
  ],
  ['fetch', { adapter: 'fetch' }],
  ['fetch, streamed', { adapter: 'fetch', responseType: 'stream' }],
];

describe('No token is in what users may log:', () => {
  afterEach(closeShops);

  it('the check of these tests finds a token', async () => {
    const { portone, expectNoCanary } = await openWatched();
    const bare = await axios.get(`${portone.url}/echo`, {
      headers: { Authorization: `PortOne ${portone.apiSecret}` },
      transformResponse: () => '',
    });
    expect(() => expectNoCanary(bare)).toThrow('false');
    bare.config.headers.delete('Authorization');
    expect(() => expectNoCanary(bare)).toThrow('false');
  });

  it.each(variants)('in responses (%s)', async (_, config) => {
    const { http, portone, expectNoCanary } = await openWatched();
    expectNoCanary(await http.axiosRef.get(payment, config));
    portone.revokeAccessTokens();
    expectNoCanary(await http.axiosRef.get(payment, config));
  });

  const faults: AnswerFault[] = [
    { kind: 'status', status: 404 },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 401 },
    { kind: 'html-401' },
    { kind: 'reset-before-answer' },
    { kind: 'garbage' },
  ];
  describe.each(variants)('in errors (%s)', (_, config) => {
    it.each(faults.map((fault) => [inspect(fault), fault] as const))(
      '%s',
      async (__, fault) => {
        const { http, portone, expectNoCanary } = await openWatched();
        portone.fail('api', fault);
        const error = await errorOf(http.axiosRef.get(payment, config));
        expect(error).toMatchObject({
          isAxiosError: true,
          portoneAuth: { replayable: true },
          config: { url: payment },
        });
        expectNoCanary(error);
      },
    );

    it('a timeout and an abort during the call', async () => {
      const { http, portone, expectNoCanary } = await openWatched();
      portone.fail('api', { kind: 'hang' });
      expectNoCanary(
        await errorOf(http.axiosRef.get(payment, { ...config, timeout: 20 })),
      );
      // On a busy machine the first call may have ended before it was sent.
      const before = portone.calls.api;
      const controller = new AbortController();
      const source = axios.CancelToken.source();
      const calls = [
        { signal: controller.signal },
        { cancelToken: source.token },
      ].map((how) =>
        errorOf(http.axiosRef.get(payment, { ...config, ...how })),
      );
      await until(() => portone.calls.api >= before + 2);
      controller.abort();
      source.cancel('enough');
      for (const error of await Promise.all(calls)) {
        expect(error).toMatchObject({ portoneAuth: { replayed: false } });
        expectNoCanary(error);
      }
    });
  });

  it.each<[string, AnswerFault]>([
    ['reset', { kind: 'reset-mid-answer' }],
    ['truncated', { kind: 'truncated' }],
  ])('in the error of an answer that is %s', async (_, fault) => {
    const { http, portone, expectNoCanary } = await openWatched();
    portone.fail('api', fault);
    expectNoCanary(await errorOf(http.axiosRef.get(payment)));
    const { data } = await http.axiosRef.get<Readable>(payment, {
      responseType: 'stream',
    });
    expectNoCanary(await errorOf(data.toArray()));
  });

  it('in the error of a stream that is aborted while it is read', async () => {
    const { http, portone, expectNoCanary } = await openWatched();
    portone.fail('api', { kind: 'slow-drip', intervalMs: 5 });
    const controller = new AbortController();
    const { data } = await http.axiosRef.get<Readable>(payment, {
      responseType: 'stream',
      signal: controller.signal,
    });
    data.once('data', () => controller.abort());
    const error = await errorOf(data.toArray());
    expect(axios.isCancel(error)).toBe(true);
    expectNoCanary(error);
  });

  it.each(['http', 'fetch'])(
    'in the error of a stream that is longer than allowed (%s)',
    async (adapter) => {
      const { http, portone, expectNoCanary } = await openWatched();
      portone.fail('api', { kind: 'slow-drip', intervalMs: 5 });
      const { data } = await http.axiosRef.get<AsyncIterable<unknown>>(
        payment,
        { adapter, responseType: 'stream', maxContentLength: 3 },
      );
      const error = await errorOf(Readable.from(data).toArray());
      expect(error).toMatchObject({ isAxiosError: true });
      expectNoCanary(error);
    },
  );

  it.each([0, 3])(
    'in an error that wraps the error of a body longer than allowed (maxRedirects %i)',
    async (maxRedirects) => {
      const { http, expectNoCanary } = await openWatched();
      const body = Readable.from([Buffer.alloc(10), Buffer.alloc(10)]);
      const error = await errorOf(
        http.axiosRef.post('/echo', body, { maxBodyLength: 15, maxRedirects }),
      );
      expect(error).toMatchObject({ isAxiosError: true });
      expectNoCanary(error);
    },
  );

  it('the request on an error still shows method, host and path', async () => {
    const { http, portone } = await openWatched();
    const path = '/payments/none?page=1';
    const { hostname } = new URL(portone.url);
    for (const config of [{}, { adapter: 'fetch' }, { maxRedirects: 3 }]) {
      const error = (await errorOf(http.axiosRef.get(path, config))) as {
        request: { host: string };
      };
      expect(error.request).toEqual({ method: 'GET', host: hostname, path });
    }
    await portone.stop();
    const refused = await errorOf(http.axiosRef.get(path, { maxRedirects: 3 }));
    expect(refused).toMatchObject({
      isAxiosError: true,
      request: { method: 'GET', host: hostname, path },
    });
  });

  it('in the services, the instance and the module', async () => {
    const { http, tokens, module, expectNoCanary } = await openWatched();
    await http.axiosRef.get(payment);
    for (const value of [http, http.axiosRef, tokens, module])
      expectNoCanary(value);
  });
});
