import { describe, expect, it } from '@jest/globals';
import { Agent } from 'node:http';
import { AuthConfigurationError } from '../../../lib/index.js';
import type { AuthModuleOptions } from '../../../lib/index.js';
import { SecretSource } from '../../../lib/token/renewal/secret-source.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';

const apiSecret = 'a-secret-canary';
const fieldsOf = (options: object): string[] => {
  try {
    resolveOptions(options as AuthModuleOptions, 'default');
    return [];
  } catch (error) {
    return (error as AuthConfigurationError).problems.map(({ field }) => field);
  }
};

describe('Options', () => {
  it('all have defaults except the secret', () => {
    expect(resolveOptions({ apiSecret }, 'default')).toEqual({
      client: 'default',
      apiSecret: expect.any(SecretSource),
      baseURL: 'https://api.portone.io',
      allowedOrigins: [],
      http: { timeout: 60_000, maxRedirects: 0 },
      tokenTimeout: 10_000,
      webhook: {},
      eager: true,
      renewal: {
        strategy: 'auto',
        background: true,
        at: 0.8,
        jitter: 0.05,
        backoff: { initial: 1_000, max: 60_000 },
      },
      permissions: expect.objectContaining({ source: 'service' }),
    });
  });

  it('keep agents, functions and stores unchanged', async () => {
    const httpAgent = new Agent();
    const secret = () => apiSecret;
    const store = {
      isShared: false,
      load: () => Promise.resolve(undefined),
      update: () => Promise.reject(new Error('unused')),
    };
    const resolved = resolveOptions(
      { apiSecret: secret, http: { httpAgent }, store },
      'default',
    );
    expect(resolved.apiSecret.isDynamic).toBe(true);
    expect(await resolved.apiSecret.ask()).toBe(apiSecret);
    expect(resolved.http.httpAgent).toBe(httpAgent);
    expect(resolved.store).toBe(store);
    expect(Object.isFrozen(resolved)).toBe(true);
  });

  it('with faults are all named in one message, and no value is shown', () => {
    const bad = {
      apiSecret: '',
      baseURL: 'http://user:pass-canary@api.test/?key=canary',
      allowedOrigins: ['https://ok.test', 'ftp://canary'],
      tokenTimeout: '10s',
      eager: 'yes',
      renewal: {
        strategy: 'sometimes',
        at: 2,
        jitter: -1,
        backoff: { initial: 0, max: 1.5 },
      },
      store: {},
      apikey: 'canary',
      http: {
        baseURL: 'https://canary.test',
        auth: { username: 'canary', password: 'canary' },
        headers: { common: { authorization: 'canary' } },
      },
    };
    expect(fieldsOf(bad).toSorted()).toEqual(
      [
        'apiSecret',
        'baseURL',
        'allowedOrigins',
        'tokenTimeout',
        'eager',
        'renewal.strategy',
        'renewal.at',
        'renewal.jitter',
        'renewal.backoff.initial',
        'renewal.backoff.max',
        'store',
        'apikey',
        'http.baseURL',
        'http.auth',
        'http.headers',
      ].toSorted(),
    );
    expect(() => resolveOptions(bad as never, 'default')).toThrow(
      expect.objectContaining({
        code: 'PORTONE_CONFIG_INVALID',
        message: expect.not.stringContaining('canary'),
      }),
    );
  });

  it.each([undefined, null, 'text', 5])('cannot be %p', (given) => {
    expect(() => resolveOptions(given as never, 'default')).toThrow(
      AuthConfigurationError,
    );
  });

  it.each([
    'https://api.portone.io',
    'https://proxy.test/',
    'http://localhost:3000',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
  ])('baseURL may be %s', (baseURL) => {
    expect(fieldsOf({ apiSecret, baseURL })).toEqual([]);
  });

  it.each([
    'http://api.portone.io',
    'http://127.0.0.1.evil.test',
    'http://localhost.evil.test',
    'https://user@api.portone.io',
    'https://api.portone.io/v2',
    'https://*.portone.io',
    '*',
    'https://api.portone.io?x=1',
    'https://api.portone.io#x',
    'ftp://127.0.0.1',
    'api.portone.io',
    '',
    5,
  ])('baseURL may not be %s', (baseURL) => {
    expect(fieldsOf({ apiSecret, baseURL })).toEqual(['baseURL']);
    expect(fieldsOf({ apiSecret, allowedOrigins: [baseURL] })).toEqual([
      'allowedOrigins',
    ]);
  });

  it.each([
    [{ at: 0.9, jitter: 0.2 }, 'renewal.jitter'],
    [{ backoff: { initial: 5_000, max: 1_000 } }, 'renewal.backoff.max'],
    [{ at: NaN }, 'renewal.at'],
    [{ backoff: { max: Infinity } }, 'renewal.backoff.max'],
  ])('renewal may not be %j', (renewal, field) => {
    expect(fieldsOf({ apiSecret, renewal })).toEqual([field]);
  });

  it('that are undefined get their defaults', () => {
    const options = {
      apiSecret,
      baseURL: undefined,
      http: { timeout: undefined, maxRedirects: undefined, auth: undefined },
      renewal: { at: undefined, backoff: { initial: undefined } },
      permissions: undefined,
    };
    expect(resolveOptions(options as never, 'default')).toEqual(
      resolveOptions({ apiSecret }, 'default'),
    );
  });

  it.each<[object, string]>([
    [{ http: 5 }, 'http'],
    [{ http: () => ({}) }, 'http'],
    [{ renewal: [] }, 'renewal'],
    [{ baseURL: null }, 'baseURL'],
    [{ eager: null }, 'eager'],
    [{ permissions: { source: null } }, 'permissions.source'],
    [{ renewal: true }, 'renewal'],
    [{ renewal: null }, 'renewal'],
    [{ permissions: 5 }, 'permissions'],
    [{ renewal: { backoff: 5 } }, 'renewal.backoff'],
    [{ renewal: { backgroud: false } }, 'renewal.backgroud'],
    [{ renewal: { backoff: { intial: 5 } } }, 'renewal.backoff.intial'],
  ])('may not be %j', (options, field) => {
    expect(fieldsOf({ apiSecret, ...options })).toEqual([field]);
  });

  it.each([0, -1, 1.5, Infinity, NaN, 86_400_001])(
    'tokenTimeout may not be %p',
    (tokenTimeout) => {
      expect(fieldsOf({ apiSecret, tokenTimeout })).toEqual(['tokenTimeout']);
    },
  );
});
