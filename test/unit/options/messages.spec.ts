import { describe, expect, it } from '@jest/globals';
import { Agent } from 'node:https';
import { apiSecret, problemsOf } from './problems-of.js';

describe('The message about a bad option', () => {
  it.each([
    ['in double quotes', `"${apiSecret}"`, 'it is in quotes; remove them'],
    ['in single quotes', `'${apiSecret}'`, 'it is in quotes; remove them'],
    [
      'with a space in front',
      ` ${apiSecret}`,
      'it contains whitespace; remove it',
    ],
    [
      'with a space inside',
      `${apiSecret} x`,
      'it contains whitespace; remove it',
    ],
    [
      'with a line break',
      `${apiSecret}\n`,
      'it contains a line break; remove it',
    ],
    [
      'with the scheme of a header',
      `PortOne ${apiSecret}`,
      "'PortOne '; remove that",
    ],
    ['with another scheme', `Bearer ${apiSecret}`, "'PortOne '; remove that"],
    [
      'as a whole header',
      `Authorization: PortOne ${apiSecret}`,
      "'PortOne '; remove that",
    ],
    [
      'with the name of its variable',
      `PORTONE_API_SECRET=${apiSecret}`,
      'remove the name and the =',
    ],
    ['as a placeholder', '${CANARY_SECRET}', 'it is a placeholder'],
    ['made from an object', String({ canary: 1 }), 'the text of an object'],
    ['with a comma', `${apiSecret},`, '`,` that was copied with it'],
    [
      'with an invisible character',
      `${apiSecret}\u0000`,
      'an invisible character',
    ],
    ['for webhooks', 'whsec_canary', 'belongs in `webhook.secret`'],
  ])(
    'for a secret %s says what is wrong and what to do, and does not show the secret',
    (_, secret, fault) => {
      const problems = problemsOf({ apiSecret: secret });
      expect(problems).toEqual({ apiSecret: expect.stringContaining(fault) });
      expect(JSON.stringify(problems)).not.toContain('canary');
    },
  );

  it.each([undefined, null, '', '  ', 'undefined', 'null'])(
    'mentions the environment variable when the secret is %p',
    (secret) => {
      expect(problemsOf({ apiSecret: secret })).toEqual({
        apiSecret: expect.stringContaining('environment variable'),
      });
    },
  );

  it.each<[object, string, string]>([
    [{ baseUrl: 'https://api.portone.io' }, 'baseUrl', 'baseURL'],
    [{ baseurl: 'https://api.portone.io' }, 'baseurl', 'baseURL'],
    [{ base_url: 'https://api.portone.io' }, 'base_url', 'baseURL'],
    [{ secret: 'x' }, 'secret', 'apiSecret'],
    [{ apisecret: 'x' }, 'apisecret', 'apiSecret'],
    [{ allowedOrigin: [] }, 'allowedOrigin', 'allowedOrigins'],
    [{ tokenTimeOut: 1 }, 'tokenTimeOut', 'tokenTimeout'],
    [{ egaer: true }, 'egaer', 'eager'],
    [{ renewals: {} }, 'renewals', 'renewal'],
    [{ permission: {} }, 'permission', 'permissions'],
    [{ strategy: 'login' }, 'strategy', 'renewal.strategy'],
    [{ bootCheck: 'off' }, 'bootCheck', 'permissions.bootCheck'],
    [{ timeout: 1 }, 'timeout', 'http.timeout'],
    [{ jwksUri: 'x' }, 'jwksUri', 'permissions.verification.jwksUri'],
    [{ renewal: { strateg: 'x' } }, 'renewal.strateg', 'strategy'],
    [{ renewal: { backOff: {} } }, 'renewal.backOff', 'backoff'],
    [{ renewal: { initial: 1 } }, 'renewal.initial', 'renewal.backoff.initial'],
    [
      { renewal: { backoff: { inital: 1 } } },
      'renewal.backoff.inital',
      'initial',
    ],
    [
      { permissions: { bootcheck: 'off' } },
      'permissions.bootcheck',
      'bootCheck',
    ],
    [
      { permissions: { verification: { jwksURI: 'x' } } },
      'permissions.verification.jwksURI',
      'jwksUri',
    ],
    [
      { permissions: { verification: { merchantID: 'x' } } },
      'permissions.verification.merchantID',
      'merchantId',
    ],
    [{ apiKey: 'x' }, 'apiKey', 'apiSecret'],
    [{ webhookSecret: 'x' }, 'webhookSecret', 'webhook.secret'],
    [{ backoffMax: 1 }, 'backoffMax', 'renewal.backoff.max'],
    [{ storeId: 'x' }, 'storeId', 'permissions.verification.storeId'],
    [{ isglobal: true }, 'isglobal', 'isGlobal'],
    [
      { renewal: { backoff: { initialDelay: 1 } } },
      'renewal.backoff.initialDelay',
      'initial',
    ],
    [
      { renewal: { backoff: { maximum: 1 } } },
      'renewal.backoff.maximum',
      'max',
    ],
  ])('suggests the right name: %j', (options, field, meant) => {
    expect(problemsOf({ apiSecret, ...options })).toMatchObject({
      [field]: `is not an option; did you mean \`${meant}\`?`,
    });
  });

  it.each<[object, string | undefined]>([
    [{ proxy: 'http://proxy:3128' }, 'http.proxy'],
    [{ proxy: true }, 'http.proxy'],
    [{ proxy: { port: 3128 } }, 'http.proxy'],
    [{ proxy: { host: 'http://proxy', port: 3128 } }, 'http.proxy'],
    [{ proxy: { host: 'proxy', port: 3128 } }, undefined],
    [{ proxy: { hostname: 'proxy' } }, undefined],
    [{ proxy: new URL('http://user:password@proxy:3128') }, undefined],
    [{ proxy: false }, undefined],
    [{ proxy: undefined }, undefined],
    [{ proxy: null, httpAgent: null, httpsAgent: null }, undefined],
    [{ timeout: '5s' }, 'http.timeout'],
    [{ timeout: -1 }, 'http.timeout'],
    [{ timeout: 0 }, undefined],
    [{ timeout: Infinity }, 'http.timeout'],
    [{ timout: 5_000 }, 'http.timout'],
    [{ maxRedirect: 5 }, 'http.maxRedirect'],
    [
      {
        cache: {},
        raxConfig: {},
        compress: true,
        redirects: 5,
        serializer: {},
      },
      undefined,
    ],
    [{ headers: 'x-mine: 1' }, 'http.headers'],
    [{ headers: new Headers({ authorization: 'x' }) }, 'http.headers'],
    [{ headers: new Map([['Authorization', 'x']]) }, 'http.headers'],
    [{ headers: new Headers({ 'x-mine': '1' }) }, undefined],
    [{ httpAgent: 'http://proxy:3128' }, 'http.httpAgent'],
    [{ httpsAgent: new Agent() }, undefined],
  ])('names a value of `http` that axios would misread: %j', (http, field) => {
    expect(Object.keys(problemsOf({ apiSecret, http }))).toEqual(
      field === undefined ? [] : [field],
    );
  });

  it('says that with `http.socketPath` every request would go without the token', () => {
    expect(
      problemsOf({ apiSecret, http: { socketPath: '/run/egress.sock' } }),
    ).toEqual({
      'http.socketPath': expect.stringContaining('without the token'),
    });
  });

  it.each([
    [{ tokenTimeout: '5000' }, 'tokenTimeout', 'Number(value)'],
    [{ renewal: { at: '0.8' } }, 'renewal.at', 'Number(value)'],
    [{ eager: 'true' }, 'eager', "value === 'true'"],
  ])(
    'says how to convert the text of an environment variable: %j',
    (options, field, how) => {
      expect(problemsOf({ apiSecret, ...options })).toEqual({
        [field]: expect.stringContaining(
          `it is a text, as variables of the environment are: convert it, as in ${how}`,
        ),
      });
    },
  );

  it('lists the known options when no name is similar', () => {
    expect(problemsOf({ apiSecret, renewal: { whatever: 1 } })).toEqual({
      'renewal.whatever': expect.stringContaining(
        'strategy, background, at, jitter, backoff',
      ),
    });
  });

  it.each(['isGlobal', 'name'])('says where %s must be set', (name) => {
    expect(problemsOf({ apiSecret, [name]: 'x' })).toEqual({
      [name]: expect.stringContaining(`forRootAsync({ ${name}:`),
    });
  });

  it('names an option that stands in a group by mistake', () => {
    expect(problemsOf({ apiSecret, renewal: { eager: false } })).toEqual({
      'renewal.eager':
        'is not an option; did you mean `eager`, which is not in a group?',
    });
  });

  it('names only the value that is wrong, and not one that is compared with it', () => {
    expect(Object.keys(problemsOf({ apiSecret, renewal: { at: 80 } }))).toEqual(
      ['renewal.at'],
    );
  });

  it('says where a baseURL in the axios defaults must be set', () => {
    const http = { baseUrl: 'https://api.portone.io' };
    expect(problemsOf({ apiSecret, http })).toEqual({
      'http.baseUrl': expect.stringContaining('set `baseURL`'),
    });
  });
});
