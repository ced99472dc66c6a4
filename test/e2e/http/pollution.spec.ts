import { afterEach, describe, expect, it } from '@jest/globals';
import { polluted } from '../../support/polluted.js';
import { closeShops, openShop } from '../../support/shop.js';
import { closeWitnesses, openWitness } from './witness.js';

const thrower = () => {
  throw new Error('a polluted function was called');
};
const evilJwt = 'eyJhbGciOiJub25lIn0.eyJpYXQiOjEsImV4cCI6OTl9.evil';

describe('A polluted Object.prototype changes nothing', () => {
  afterEach(async () => {
    closeWitnesses();
    await closeShops();
  });

  it.each<[string, (evil: URL) => unknown]>([
    ['baseURL', ({ origin }) => origin],
    ['url', ({ href }) => href],
    ['allowAbsoluteUrls', () => false],
    ['proxy', ({ hostname, port }) => ({ host: hostname, port })],
    ['auth', () => ({ username: 'a', password: 'b' })],
    ['headers', () => ({ Authorization: 'Bearer evil' })],
    ['Authorization', () => 'Bearer evil'],
    ['common', () => ({ Authorization: 'Bearer evil' })],
    ['socketPath', () => '/tmp/evil.sock'],
    ['host', () => 'evil.test'],
    ['hostname', () => 'evil.test'],
    ['port', ({ port }) => port],
    ['defaultPort', ({ port }) => port],
    ['beforeRedirect', () => thrower],
    ['adapter', () => thrower],
    ['transport', () => ({ request: thrower })],
    ['httpAgent', () => ({ addRequest: thrower })],
    ['agent', () => ({ addRequest: thrower })],
    ['lookup', () => thrower],
    ['createConnection', () => thrower],
    ['params', () => ({ evil: 1 })],
    ['data', () => 'evil'],
    ['method', () => 'PUT'],
    ['transformRequest', () => thrower],
    ['transformResponse', () => thrower],
    ['validateStatus', () => () => false],
    ['responseType', () => 'stream'],
    ['maxRedirects', () => 5],
    ['timeout', () => 1],
    ['cancelToken', () => ({ reason: 'evil', throwIfRequested: thrower })],
    ['portoneAuth', () => false],
    ['retry', () => false],
    ['pipe', () => 'evil'],
    ['getReader', () => 'evil'],
    ['isAxiosError', () => true],
    ['response', () => ({ status: 401 })],
    ['status', () => 401],
    ['request', () => ({ path: 'evil' })],
    ['cause', () => ({ response: { status: 401 } })],
    ['isNew', () => true],
    ['error', () => new Error('evil')],
    ['message', () => 'evil'],
    ['type', () => 'UNAUTHORIZED'],
    ['accessToken', () => evilJwt],
    ['refreshToken', () => evilJwt],
    ['exp', () => 99],
    ['date', () => 'Thu, 01 Jan 1970 00:00:00 GMT'],
    ['retry-after', () => '300'],
    ['merchantId', () => 'evil'],
    ['merchantService', () => 'evil'],
    ['access', () => 'evil'],
    ['expiresAt', () => 99],
    ['merchant_service', () => ({ permissions: ['EVIL'] })],
    ['permissions', () => ['EVIL']],
  ])('%s', async (key, value) => {
    const evil = await openWitness();
    const { http, portone, tokens } = await openShop({
      options: { eager: false },
    });
    const send = () => http.axiosRef.post('/echo', { amount: 1 });
    const answers = await polluted(
      { [key]: value(new URL(evil.url)) },
      async () => {
        const first = await send();
        portone.revokeAccessTokens();
        const replayed = await send();
        await tokens.renew();
        return [first, replayed, await send()];
      },
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(evil.seen).toEqual([]);
    const calls = portone.calls.requests.map(
      ({ path, status }) => `${path} ${status}`,
    );
    expect(calls).toEqual([
      '/login/api-secret 200',
      '/echo 200',
      '/echo 401',
      '/token/refresh 200',
      '/echo 200',
      '/token/refresh 200',
      '/echo 200',
    ]);
  });

  it('no token is sent to an origin that only a polluted property allows', async () => {
    const { http, portone } = await openShop();
    const evil = await openWitness();
    for (const [key, value] of [
      ['baseURL', portone.url],
      ['origin', portone.url],
      ['allowAbsoluteUrls', false],
    ] as const) {
      await polluted({ [key]: value }, () =>
        http.axiosRef.get(`${evil.url}/x`, { baseURL: '' }),
      );
    }
    expect(evil.seen).toHaveLength(3);
    for (const { authorization } of evil.seen)
      expect(authorization).toBeUndefined();
  });

  it('the request carries our token in spite of a polluted authorization', async () => {
    const api = await openWitness();
    const { http, tokens } = await openShop({
      options: { allowedOrigins: [api.url] },
    });
    await polluted({ authorization: 'Bearer evil' }, () =>
      http.axiosRef.get(`${api.url}/x`),
    );
    const token = await tokens.getAccessToken();
    expect(api.seen).toMatchObject([{ authorization: `Bearer ${token}` }]);
  });

  it.each([
    ['type', 'UNAUTHORIZED', { kind: 'html-401' }],
    ['accessToken', evilJwt, { kind: 'missing-tokens' }],
    ['refreshToken', evilJwt, { kind: 'access-token-only' }],
    ['retry-after', '300', { kind: 'status', status: 503 }],
  ] as const)(
    'a polluted %s does not change the error of a failed token call',
    async (key, value, fault) => {
      const { tokens, portone } = await openShop({ options: { eager: false } });
      portone.fail('login', fault);
      const error: unknown = await polluted({ [key]: value }, () =>
        tokens.getAccessToken().catch((e: unknown) => e),
      );
      expect(error).toMatchObject({ code: 'PORTONE_TOKEN_UNAVAILABLE' });
      expect((error as { retryAfterMs: number }).retryAfterMs).toBeLessThan(
        10_000,
      );
    },
  );
});
