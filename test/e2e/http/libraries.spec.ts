import { afterEach, describe, expect, it } from '@jest/globals';
import axios, { type AxiosError } from 'axios';
import { setupCache } from 'axios-cache-interceptor';
import axiosRetry from 'axios-retry';
import { attach, type RetryConfig } from 'retry-axios';
import {
  isPortOneAuthError,
  isTokenUnavailableError,
  TokenUnavailableError,
} from '../../../lib/index.js';
import { errorOf } from '../../support/error-of.js';
import { everyText } from '../../support/every-text.js';
import { closeShops, openShop } from '../../support/shop.js';

const payment = '/payments/payment-1';

/** A shop without a token, whose token endpoint answers 503. */
async function openOutage() {
  const shop = await openShop({ options: { eager: false } });
  shop.portone.fail('tokens', { kind: 'status', status: 503 });
  return shop;
}

describe('The error of a request without a token', () => {
  afterEach(closeShops);

  it('is a TokenUnavailableError, and an AxiosError for libraries', async () => {
    const { http, portone } = await openOutage();
    const headers = { 'X-Own': '1' };
    const error = await errorOf<AxiosError>(
      http.axiosRef.get(payment, { headers }),
    );
    expect(error).toBeInstanceOf(TokenUnavailableError);
    expect(isTokenUnavailableError(error)).toBe(true);
    expect(isPortOneAuthError(error)).toBe(true);
    expect(axios.isAxiosError(error)).toBe(true);
    expect(error.response).toBeUndefined();
    expect(error.config).toMatchObject({
      url: payment,
      baseURL: portone.url,
      method: 'get',
      headers: { 'X-Own': '1' },
    });
    expect(error.config!.headers.has('Authorization')).toBe(false);
    expect(error.toJSON()).toMatchObject({
      name: 'TokenUnavailableError',
      code: 'PORTONE_TOKEN_UNAVAILABLE',
      config: { url: payment },
    });
    expect(everyText(error)).not.toContain(portone.apiSecret);
  });

  it('is a new one for each caller, with the config of that request', async () => {
    const { http, tokens } = await openOutage();
    const urls = [payment, '/payments/payment-2', payment];
    const errors = await Promise.all(
      urls.map((url) => errorOf<AxiosError>(http.axiosRef.get(url))),
    );
    expect(errors.map(({ config }) => config!.url)).toEqual(urls);
    expect(new Set(errors).size).toBe(3);
    const plain = await errorOf<AxiosError>(tokens.getAccessToken());
    expect(axios.isAxiosError(plain)).toBe(false);
  });

  it('has a config that an interceptor of the app can send again', async () => {
    const { http, portone, advance } = await openOutage();
    const read: unknown[] = [];
    http.axiosRef.interceptors.response.use(undefined, async (error) => {
      const { config, code, response } = error as AxiosError;
      read.push([config!.url, config!.method, code, response?.status]);
      portone.heal();
      await advance(60_000);
      return http.axiosRef.request(config!);
    });
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    expect(read).toEqual([
      [payment, 'get', 'PORTONE_TOKEN_UNAVAILABLE', undefined],
    ]);
  });

  it('is not kept by axios-cache-interceptor: the next request to that URL is sent', async () => {
    const { http, portone, advance } = await openOutage();
    const cached = setupCache(http.axiosRef);
    const both = await Promise.all([
      errorOf(cached.get(payment)),
      errorOf(cached.get(payment)),
    ]);
    for (const error of both) expect(isTokenUnavailableError(error)).toBe(true);
    expect(
      isTokenUnavailableError(await errorOf<AxiosError>(cached.get(payment))),
    ).toBe(true);
    portone.heal();
    await advance(60_000);
    const fresh = await cached.get(payment);
    expect([fresh.status, fresh.cached]).toEqual([200, false]);
    expect((await cached.get(payment)).cached).toBe(true);
  });

  it('makes axios-retry send the request again, with the token of that time', async () => {
    const { http, portone, advance } = await openOutage();
    let retries = 0;
    axiosRetry(http.axiosRef, {
      retries: 2,
      onRetry: async () => {
        retries += 1;
        if (retries === 2) portone.heal();
        await advance(60_000);
      },
    });
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    expect(retries).toBe(2);
    expect(portone.calls).toMatchObject({ api: 1, unauthorized: 0 });
  });

  it('is passed on unchanged when axios-retry gives up', async () => {
    const { http } = await openOutage();
    axiosRetry(http.axiosRef, { retries: 2 });
    const error = await errorOf<AxiosError>(http.axiosRef.get(payment));
    expect(isTokenUnavailableError(error)).toBe(true);
    expect(error.config!.url).toBe(payment);
  });

  it('makes retry-axios send the request again, with the token of that time', async () => {
    const { http, portone, advance } = await openOutage();
    attach(http.axiosRef);
    let retries = 0;
    const raxConfig: RetryConfig = {
      retry: 2,
      retryDelay: 1,
      backoffType: 'static',
      onRetryAttempt: async () => {
        retries += 1;
        portone.heal();
        await advance(60_000);
      },
    };
    const { status } = await http.axiosRef.get(payment, { raxConfig });
    expect([status, retries]).toEqual([200, 1]);
    expect(portone.calls).toMatchObject({ api: 1, unauthorized: 0 });
  });
});

describe('After an answer with status 503', () => {
  afterEach(closeShops);

  it.each([
    [
      'axios-retry',
      (http: Parameters<typeof attach>[0]) => {
        axiosRetry(http!, { retries: 2 });
        return {};
      },
    ],
    [
      'retry-axios',
      (http: Parameters<typeof attach>[0]) => {
        attach(http);
        return { raxConfig: { retry: 2, retryDelay: 1 } };
      },
    ],
  ])(
    '%s sends the request again with the token, and a 401 is healed by a replay',
    async (_, use) => {
      const { http, portone } = await openShop();
      portone.fail('api', { kind: 'status', status: 503 }, { times: 1 });
      portone.revokeAccessTokens();
      portone.resetCalls();
      const config = use(http.axiosRef);
      expect((await http.axiosRef.get(payment, config)).status).toBe(200);
      const api = portone.calls.requests.filter(
        ({ endpoint }) => endpoint === 'api',
      );
      expect(api.map(({ status }) => status)).toEqual([503, 401, 200]);
      expect(portone.calls.tokens).toBe(1);
    },
  );
});
