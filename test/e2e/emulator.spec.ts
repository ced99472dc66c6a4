import { afterEach, describe, expect, it } from '@jest/globals';
import axios, { type AxiosError, type AxiosResponse } from 'axios';
import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  jwtVerify,
} from 'jose';
import { Agent } from 'node:http';
import {
  PortOneEmulator,
  type AnswerFault,
  type PortOneEmulatorOptions,
  type TokenFault,
} from '../../lib/testing/index.js';

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

let portone: PortOneEmulator;
const agent = new Agent({ keepAlive: true });
const http = axios.create({
  proxy: false,
  httpAgent: agent,
  validateStatus: () => true,
  maxRedirects: 0,
});

const start = async (options?: PortOneEmulatorOptions): Promise<void> => {
  portone = await PortOneEmulator.start(options);
};
const login = (
  apiSecret: unknown = portone.apiSecret,
): Promise<AxiosResponse<Tokens>> =>
  http.post(`${portone.url}/login/api-secret`, { apiSecret });
const refresh = (refreshToken: string): Promise<AxiosResponse<Tokens>> =>
  http.post(`${portone.url}/token/refresh`, { refreshToken });
const bearer = (token: string) => ({
  headers: { authorization: `Bearer ${token}` },
});
const payment = (token: string, id = 'payment-1') =>
  http.get(`${portone.url}/payments/${id}`, bearer(token));
const cancel = (
  token: string,
  id: string,
  body: unknown = { reason: '단순 변심' },
) => http.post(`${portone.url}/payments/${id}/cancel`, body, bearer(token));
const failure = async (call: Promise<unknown>): Promise<AxiosError> =>
  call.then(
    () => Promise.reject(new Error('the call succeeded')),
    (error: AxiosError) => error,
  );

afterEach(() => portone.stop());

describe('token endpoints', () => {
  it('log in with the documented header and claims', async () => {
    await start();
    const { status, data } = await login();
    expect(status).toBe(200);
    expect(Object.keys(data)).toEqual(['accessToken', 'refreshToken']);
    expect(decodeProtectedHeader(data.accessToken)).toEqual({
      kid: expect.any(String),
      typ: 'JWT',
      alg: 'ES256',
    });
    const access = decodeJwt(data.accessToken);
    expect(access).toEqual({
      user_id: expect.any(String),
      iss: 'IAMPORT',
      iat: expect.any(Number),
      exp: (access.iat as number) + 1800,
      custom_payload: {
        merchant_id: portone.merchantId,
        store_id: portone.storeId,
      },
      merchant_service: {
        include_permissions: true,
        merchant_id: portone.merchantId,
        store_id: portone.storeId,
        belong_to: 'MERCHANT',
        permissions: portone.permissions,
        whitelist: [],
      },
    });
    expect(portone.permissions).toHaveLength(15);
    const claims = decodeJwt(data.refreshToken);
    expect(Object.keys(claims).sort()).toEqual(
      ['exp', 'iat', 'iss', 'salt', 'user_id'].sort(),
    );
    expect(claims.exp).toBe((claims.iat as number) + 86_400);
  });

  it('refuse a wrong secret, a bad body and a secret that was replaced', async () => {
    await start();
    const old = portone.apiSecret;
    expect(await login('wrong')).toMatchObject({
      status: 401,
      data: { type: 'UNAUTHORIZED', message: expect.any(String) },
    });
    for (const bad of [5, '', null]) {
      expect(await login(bad)).toMatchObject({
        status: 400,
        data: { type: 'INVALID_REQUEST' },
      });
    }
    portone.setApiSecret('the-new-one');
    expect((await login(old)).status).toBe(401);
    expect((await login('the-new-one')).status).toBe(200);
  });

  it('keep a single chain of refresh tokens while access tokens live on', async () => {
    await start();
    const { data: first } = await login();
    const { data: second } = await refresh(first.refreshToken);
    expect((await refresh(first.refreshToken)).status).toBe(401);
    const { data: third } = await login();
    expect((await refresh(second.refreshToken)).status).toBe(401);
    portone.revokeRefreshTokens();
    expect(await refresh(third.refreshToken)).toMatchObject({
      status: 401,
      data: { type: 'UNAUTHORIZED' },
    });
    for (const { accessToken } of [first, second, third]) {
      expect((await payment(accessToken)).status).toBe(200);
    }
  });

  it('let one of two refreshes with the same token win', async () => {
    await start();
    const { data } = await login();
    const answers = await Promise.all(
      [1, 2].map(() => refresh(data.refreshToken)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await refresh(winner?.data.refreshToken ?? '')).status).toBe(200);
  });

  it('follow the given clock in claims, expiry and the Date header', async () => {
    let now = Date.UTC(2031, 0, 1);
    await start({ clock: { now: () => now } });
    const { data, headers } = await login();
    expect(headers['date']).toBe(new Date(now).toUTCString());
    expect(decodeJwt(data.accessToken).iat).toBe(now / 1000);
    now += 1_799_999;
    expect((await payment(data.accessToken)).status).toBe(200);
    now += 1;
    expect((await payment(data.accessToken)).status).toBe(401);
    now += 86_400_000;
    expect((await refresh(data.refreshToken)).status).toBe(401);
  });

  it('show the key that verifies their tokens, and sign tokens for caller tests', async () => {
    await start();
    const keys = createRemoteJWKSet(new URL(portone.jwksUri));
    const { data } = await login();
    const minted = await portone.issueAccessToken({ iss: 'SOMEONE', exp: 4e9 });
    await jwtVerify(data.accessToken, keys, { issuer: 'IAMPORT' });
    const { payload } = await jwtVerify(minted, keys);
    expect(payload).toMatchObject({ iss: 'SOMEONE', exp: 4e9 });
    expect((await refresh(data.refreshToken)).status).toBe(200);
    expect((await payment(minted)).status).toBe(401);
  });
});

describe('payments', () => {
  it('are shown and listed', async () => {
    await start();
    portone.addPayment({ id: 'order/4', total: 1234, customData: '{}' });
    const { accessToken } = (await login()).data;
    expect((await payment(accessToken, 'order%2F4')).data).toMatchObject({
      status: 'PAID',
      id: 'order/4',
      amount: { total: 1234 },
      customData: '{}',
    });
    const list = await http.get(`${portone.url}/payments`, {
      ...bearer(accessToken),
      params: { requestBody: JSON.stringify({ page: { number: 1, size: 3 } }) },
    });
    expect(list.data).toMatchObject({
      items: [{ id: 'order/4' }],
      page: { number: 1, size: 3, totalCount: 4 },
    });
    expect(await payment(accessToken, 'none')).toMatchObject({
      status: 404,
      data: { type: 'PAYMENT_NOT_FOUND' },
    });
  });

  it('are cancelled once', async () => {
    await start();
    const { accessToken } = (await login()).data;
    expect((await cancel(accessToken, 'payment-1', {})).status).toBe(400);
    expect(await cancel(accessToken, 'payment-1')).toMatchObject({
      status: 200,
      data: { cancellation: { status: 'SUCCEEDED', totalAmount: 10_000 } },
    });
    expect(await cancel(accessToken, 'payment-1')).toMatchObject({
      status: 409,
      data: { type: 'PAYMENT_ALREADY_CANCELLED' },
    });
    expect((await payment(accessToken)).data.status).toBe('CANCELLED');
    const part = { reason: '부분', amount: 4000 };
    expect((await cancel(accessToken, 'payment-2', part)).status).toBe(200);
    const rest = await payment(accessToken, 'payment-2');
    expect(rest.data).toMatchObject({
      status: 'PARTIAL_CANCELLED',
      amount: { paid: 6000, cancelled: 4000 },
    });
  });

  it('want a living token or the secret, and the permission', async () => {
    await start({ permissions: ['TX_READ'] });
    const { data: reader } = await login();
    expect(await cancel(reader.accessToken, 'payment-1')).toMatchObject({
      status: 403,
      data: { type: 'FORBIDDEN' },
    });
    portone.setPermissions(['TX_UPDATE']);
    const { data: writer } = await login();
    expect((await payment(writer.accessToken)).status).toBe(403);
    expect((await cancel(writer.accessToken, 'payment-1')).status).toBe(200);

    const url = `${portone.url}/echo`;
    const authorization = `PortOne ${portone.apiSecret}`;
    expect((await http.get(url, { headers: { authorization } })).status).toBe(
      200,
    );
    expect((await http.get(url)).status).toBe(401);

    portone.revokeAccessToken(reader.accessToken);
    expect((await payment(reader.accessToken)).status).toBe(401);
    portone.revokeAccessTokens();
    expect((await payment(writer.accessToken)).status).toBe(401);
  });

  it('come with an echo that shows what arrived', async () => {
    await start();
    const { accessToken } = (await login()).data;
    const { data } = await http.put(`${portone.url}/echo/a?b=1`, 'körper', {
      headers: { ...bearer(accessToken).headers, 'x-mine': '1' },
    });
    expect(data).toMatchObject({
      method: 'PUT',
      url: '/echo/a?b=1',
      headers: { 'x-mine': '1' },
      body: Buffer.from('körper').toString('base64'),
    });
  });
});

describe('counting', () => {
  it('counts calls by endpoint and remembers requests', async () => {
    await start();
    const { data } = await login();
    await refresh(data.refreshToken);
    await payment(data.accessToken);
    await payment('nobody');
    expect(portone.calls).toMatchObject({
      login: 1,
      refresh: 1,
      tokens: 2,
      api: 2,
      unauthorized: 1,
    });
    expect(portone.calls.requests[0]).toMatchObject({
      method: 'POST',
      path: '/login/api-secret',
      body: JSON.stringify({ apiSecret: portone.apiSecret }),
      status: 200,
    });
    expect(portone.calls.requests[3]).toMatchObject({
      endpoint: 'api',
      headers: { authorization: 'Bearer nobody' },
      status: 401,
    });
    portone.resetCalls();
    expect(portone.calls).toMatchObject({ tokens: 0, api: 0, requests: [] });
  });

  it('stands 2,000 calls at once, each as late as it is told', async () => {
    await start();
    const { accessToken } = (await login()).data;
    let n = 0;
    portone.delay('api', () => n++ % 50);
    const answers = await Promise.all(
      Array.from({ length: 2000 }, () => payment(accessToken)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([200]),
    );
    expect(portone.calls.api).toBe(2000);
  }, 20_000);
});

describe('faults', () => {
  const broken: [AnswerFault, string[]][] = [
    [{ kind: 'reset-before-answer' }, ['ECONNRESET']],
    [{ kind: 'reset-mid-answer' }, ['ECONNRESET', 'ERR_BAD_RESPONSE']],
    [{ kind: 'truncated' }, ['ECONNRESET', 'ERR_BAD_RESPONSE']],
    [{ kind: 'garbage' }, ['HPE_INVALID_CONSTANT']],
    [{ kind: 'hang' }, ['ERR_CANCELED']],
    [{ kind: 'headers-then-hang' }, ['ERR_CANCELED']],
    [{ kind: 'slow-drip', intervalMs: 2 }, ['ERR_CANCELED']],
  ];
  it.each(broken)('%j ends without an answer', async (fault, codes) => {
    await start();
    portone.fail('api', fault);
    const { accessToken } = (await login()).data;
    const error = await failure(
      http.get(`${portone.url}/payments/payment-1`, {
        ...bearer(accessToken),
        signal: AbortSignal.timeout(150),
      }),
    );
    expect(codes).toContain(error.code);
    expect(portone.calls.api).toBe(1);
    portone.heal();
    expect((await payment(accessToken)).status).toBe(200);
  });

  const answered: [AnswerFault | TokenFault, number, unknown][] = [
    [
      { kind: 'status', status: 503 },
      503,
      { type: 'STATUS_503', message: expect.any(String) },
    ],
    [
      { kind: 'status', status: 200, body: { accessToken: 5 } },
      200,
      { accessToken: 5 },
    ],
    [{ kind: 'html' }, 200, expect.stringContaining('<!doctype html>')],
    [{ kind: 'html-401' }, 401, expect.stringContaining('firewall')],
    [{ kind: 'empty-body' }, 200, ''],
    [{ kind: 'broken-json' }, 200, '{"accessToken":"'],
    [{ kind: 'redirect', location: 'http://127.0.0.1:1/' }, 307, ''],
    [{ kind: 'missing-tokens' }, 200, {}],
    [{ kind: 'access-token-only' }, 200, { accessToken: expect.any(String) }],
    [
      { kind: 'malformed-tokens' },
      200,
      { accessToken: 'not-a-jwt', refreshToken: 'a.b.c' },
    ],
  ];
  it.each(answered)('%j is answered with %i', async (fault, status, data) => {
    await start();
    portone.fail('tokens', fault);
    expect(await login()).toMatchObject({ status, data });
    expect(await refresh('any')).toMatchObject({ status, data });
    expect(portone.calls.tokens).toBe(2);
  });

  it('send Retry-After in seconds or as a date', async () => {
    await start();
    const date = new Date(0).toUTCString();
    for (const retryAfter of [7, date]) {
      portone.fail(
        'login',
        { kind: 'status', status: 429, retryAfter },
        { times: 1 },
      );
      const { status, headers } = await login();
      expect([status, headers['retry-after']]).toEqual([
        429,
        String(retryAfter),
      ]);
    }
    expect((await login()).status).toBe(200);
  });

  it('issue tokens that are expired, or never alive, by the given clock', async () => {
    const now = Date.UTC(2031, 0, 1);
    await start({ clock: { now: () => now } });
    portone.fail('login', { kind: 'expired-tokens' });
    const expired = decodeJwt((await login()).data.accessToken);
    expect(expired.exp).toBe(now / 1000 - 60);
    expect((expired.exp as number) - (expired.iat as number)).toBe(1800);
    portone.fail('login', { kind: 'exp-not-after-iat' });
    const dead = decodeJwt((await login()).data.accessToken);
    expect(dead.exp).toBe(dead.iat);
  });

  it('happen in the order told, before the standing one, and heal by endpoint', async () => {
    await start();
    const status = (code: number) =>
      ({ kind: 'status', status: code }) as const;
    portone.fail('tokens', status(500));
    portone.fail('tokens', status(501), { times: 1 });
    portone.fail('login', status(502), { times: 2 });
    expect((await refresh('x')).status).toBe(501);
    const codes = [await login(), await login(), await login(), await login()];
    expect(codes.map((answer) => answer.status)).toEqual([502, 502, 500, 500]);
    portone.heal('login');
    expect((await login()).status).toBe(200);
    expect((await refresh('x')).status).toBe(500);
    portone.fail('refresh', status(504));
    expect((await refresh('x')).status).toBe(504);
  });

  it('leave the refresh token alive unless PortOne had processed the request', async () => {
    await start();
    const { refreshToken } = (await login()).data;
    const reset = { kind: 'reset-before-answer' } as const;
    portone.fail('refresh', reset, { times: 1 });
    await failure(refresh(refreshToken));
    const { data } = await refresh(refreshToken);
    portone.fail('refresh', reset, { times: 1, processed: true });
    await failure(refresh(data.refreshToken));
    expect((await refresh(data.refreshToken)).status).toBe(401);
  });

  it('come late when the endpoint is late', async () => {
    await start({ responseDelay: 5 });
    portone.delay('login', 30);
    portone.fail('login', { kind: 'delay', ms: 30 }, { times: 1 });
    portone.fail('login', { kind: 'html-401' }, { times: 1 });
    for (const [atLeast, status] of [
      [58, 200],
      [28, 401],
    ] as const) {
      const before = performance.now();
      expect((await login()).status).toBe(status);
      expect(performance.now() - before).toBeGreaterThanOrEqual(atLeast);
    }
  });
});

describe('stop', () => {
  it('ends hanging and late calls at once, twice without harm', async () => {
    await start();
    portone.fail('login', { kind: 'hang' });
    portone.delay('api', 600_000);
    const calls = [failure(login()), failure(payment('x'))];
    while (portone.calls.login + portone.calls.api < 2) {
      await new Promise(setImmediate);
    }
    await Promise.all([portone.stop(), portone[Symbol.asyncDispose]()]);
    for (const error of await Promise.all(calls)) {
      expect(error.code).toBe('ECONNRESET');
    }
    expect((await failure(login())).code).toBe('ECONNREFUSED');
  });
});
