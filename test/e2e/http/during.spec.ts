import { afterEach, describe, expect, it } from '@jest/globals';
import {
  AxiosError,
  type AxiosAdapter,
  type AxiosRequestConfig,
  type InternalAxiosRequestConfig,
} from 'axios';
import { errorOf } from '../../support/error-of.js';
import { everyText } from '../../support/every-text.js';
import { closeShops, openShop, type Shop } from '../../support/shop.js';
import { capture } from './capture.js';

const payment = '/payments/payment-1';

/** Whether a value shows an access token that was sent, or the current one. */
function shows(value: unknown, { tokens, portone }: Shop): boolean {
  const sent = portone.calls.requests.flatMap(({ headers }) =>
    (headers.authorization ?? '').split(' ').slice(1),
  );
  const text = everyText(value);
  return [...sent, tokens.peekAccessToken()!].some((token) =>
    text.includes(token),
  );
}

const tokenOf = ({ headers }: InternalAxiosRequestConfig): unknown =>
  headers.get('Authorization');

describe('During a call', () => {
  afterEach(closeShops);

  it('the config of the caller never holds the token', async () => {
    const shop = await openShop();
    const { axiosRef } = shop.http;
    let mine: InternalAxiosRequestConfig | undefined;
    const seen: [string, boolean][] = [];
    const look = (where: string) => {
      if (mine) seen.push([where, shows(mine, shop)]);
    };
    // A logger of slow requests does this: it keeps the config and reads it later.
    axiosRef.interceptors.request.use((config) => {
      mine = config;
      return config;
    });
    const controller = new AbortController();
    controller.signal.addEventListener('abort', () => look('abort'));
    const config: AxiosRequestConfig = {
      signal: controller.signal,
      params: { a: 1 },
      paramsSerializer: () => {
        look('paramsSerializer');
        return 'a=1';
      },
      transformRequest: (data: unknown) => {
        look('transformRequest');
        return data;
      },
      onUploadProgress: () => look('onUploadProgress'),
      onDownloadProgress: () => look('onDownloadProgress'),
      validateStatus: (status) => {
        look('validateStatus');
        return status < 300;
      },
      transformResponse: (data: unknown) => {
        look('transformResponse');
        return data;
      },
    };
    shop.portone.delay('api', () => {
      look('on the way');
      return 0;
    });
    shop.portone.revokeAccessTokens();
    await axiosRef.post('/echo', 'x'.repeat(100_000), config);
    controller.abort();
    const places = new Set(seen.map(([where]) => where));
    expect([...places].sort()).toEqual([
      'abort',
      'on the way',
      'onDownloadProgress',
      'onUploadProgress',
      'paramsSerializer',
      'transformRequest',
      'transformResponse',
      'validateStatus',
    ]);
    expect(seen.filter(([, isShown]) => isShown)).toEqual([]);
  });

  it.each(['a plain object', 'a frozen config'])(
    'a hedging adapter may send %s twice, and both requests have the token',
    async (kind) => {
      const shop = await openShop();
      const inner = capture();
      const sent: InternalAxiosRequestConfig[] = [];
      const hedging: AxiosAdapter = async (config) => {
        if (kind === 'a frozen config') Object.freeze(config);
        sent.push(config);
        const answers = [1, 2].map(() => inner({ ...config }));
        return Promise.race(answers);
      };
      const { config } = await shop.http.axiosRef.get(payment, {
        adapter: hedging,
      });
      expect(inner.tokens).toEqual([
        expect.stringMatching(/^Bearer /),
        inner.tokens[0],
      ]);
      expect(config).not.toBe(sent[0]);
      expect(shows(config, shop)).toBe(false);
      expect(sent.map(tokenOf)).toEqual([undefined]);
    },
  );
});

type Failing = (config: InternalAxiosRequestConfig) => unknown;

/** An error with all fields that adapters may set. */
const failed = (config: InternalAxiosRequestConfig, message = 'down') =>
  new AxiosError(
    message,
    'ERR_NETWORK',
    config,
    { config, header: tokenOf(config) },
    {
      data: '',
      status: 502,
      statusText: '',
      headers: {},
      config,
      request: { config },
    },
  );

describe('An error of an adapter does not lead to the token when it is', () => {
  afterEach(closeShops);

  it.each<[string, Failing]>([
    ['an AxiosError', (config) => failed(config)],
    ['frozen', (config) => Object.freeze(failed(config))],
    [
      'frozen with a frozen response',
      (config) => {
        const error = failed(config);
        Object.freeze(error.response);
        return Object.freeze(error);
      },
    ],
    [
      'an Error with a read-only field',
      (config) =>
        Object.defineProperty(new Error('down'), 'config', { value: config }),
    ],
    [
      'a plain object',
      (config) => ({ message: 'down', config, request: { config } }),
    ],
    [
      'wrapped in another, twice',
      (config) =>
        new Error('outer', {
          cause: new Error('middle', { cause: failed(config) }),
        }),
    ],
    [
      'an AggregateError',
      (config) =>
        new AggregateError(
          [failed(config, 'one'), failed(config, 'two')],
          'both',
        ),
    ],
    [
      'a frozen AggregateError of frozen errors',
      (config) =>
        Object.freeze(
          new AggregateError([Object.freeze(failed(config))], 'both'),
        ),
    ],
    [
      'an AggregateError in a cause that contains itself',
      (config) => {
        const inner = new AggregateError([failed(config)]);
        inner.errors.push(inner);
        return new Error('outer', { cause: inner });
      },
    ],
  ])('%s', async (_, failing) => {
    const shop = await openShop();
    let hadToken = false;
    const error = await errorOf<AxiosError>(
      shop.http.axiosRef.get(payment, {
        adapter: (config) => {
          hadToken = shows(failing(config), shop);
          return Promise.reject(failing(config) as Error);
        },
      }),
    );
    expect(hadToken).toBe(true);
    expect(shows(error, shop)).toBe(false);
    expect(String(error.message)).not.toBe('');
  });
});
