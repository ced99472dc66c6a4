import {
  afterEach,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { AnswerFault, PortOneEmulator } from '../../lib/testing/index.js';
import { AppModule } from '../../sample/01-quick-start/src/app.module.js';
import { emulatorIfAsked } from '../../sample/01-quick-start/src/emulator.js';
import { PortOneOptions } from '../../sample/01-quick-start/src/portone.options.js';

const KEY = '"refund-of-order-0001"';

describe('The quick-start shop', () => {
  let env: jest.Replaced<NodeJS.ProcessEnv>;
  let portone: PortOneEmulator;
  let app: INestApplication;
  let url: string;

  const send = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { 'X-API-Key': 'key-of-the-shop', ...init.headers },
    });
  const cancel = (headers: Record<string, string>, body: object) =>
    send('/payments/payment-1/cancel', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  beforeEach(async () => {
    env = jest.replaceProperty(process, 'env', {
      PORTONE_EMULATOR: '1',
      SHOP_API_KEY: 'key-of-the-shop',
    });
    portone = (await emulatorIfAsked(process.env))!;
    const module = await Test.createTestingModule({
      imports: [AppModule],
    }).compile();
    app = module.createNestApplication({ logger: false, rawBody: true });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });

  afterEach(async () => {
    await app.close();
    await portone.stop();
    env.restore();
  });

  it('answers 401 to a caller without the key of the shop', async () => {
    for (const key of ['', 'another', 'key-of-the-shop ']) {
      const headers = { 'X-API-Key': `${key}x` };
      expect((await send('/payments/payment-1', { headers })).status).toBe(401);
    }
    expect(portone.calls.api).toBe(0);
  });

  it('does not show the customer of a payment to the caller', async () => {
    const response = await send('/payments/payment-1');
    expect(await response.json()).toEqual({
      id: 'payment-1',
      status: 'PAID',
      currency: 'KRW',
      total: 10_000,
    });
  });

  it.each(['%2e%2e', '%2e', '%2e%2e%2fpayments', 'a%2fb', 'a%20b'])(
    'answers 404 to the id %s, which could lead to another endpoint of PortOne',
    async (id) => {
      // fetch would remove the dots before sending.
      const request = get(url, {
        path: `/payments/${id}`,
        headers: { 'X-API-Key': 'key-of-the-shop' },
      });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.resume();
      expect(response.statusCode).toBe(404);
      expect(portone.calls.api).toBe(0);
    },
  );

  it('sends the Idempotency-Key of the caller to PortOne unchanged', async () => {
    const response = await cancel(
      { 'Idempotency-Key': KEY },
      { reason: 'late', amount: 4_000 },
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: 'SUCCEEDED',
      totalAmount: 4_000,
    });
    expect(portone.calls.requests.at(-1)).toMatchObject({
      headers: { 'idempotency-key': KEY },
      body: JSON.stringify({ reason: 'late', amount: 4_000 }),
    });
  });

  it.each([
    ['missing', {}],
    ['not in quotes', { 'Idempotency-Key': 'refund-of-order-0001' }],
    ['15 characters long', { 'Idempotency-Key': `"${'k'.repeat(15)}"` }],
    ['257 characters long', { 'Idempotency-Key': `"${'k'.repeat(257)}"` }],
    ['not ASCII', { 'Idempotency-Key': `"${'é'.repeat(16)}"` }],
  ])(
    'answers 400 to a refund whose Idempotency-Key is %s',
    async (_, headers) => {
      const response = await cancel(headers as Record<string, string>, {
        reason: 'late',
      });
      expect(response.status).toBe(400);
      expect(portone.calls.api).toBe(0);
    },
  );

  it.each([[{}], [{ reason: '' }], [{ reason: 'late', amount: -1 }]])(
    'answers 400 to the refund request %j',
    async (body) => {
      const response = await cancel({ 'Idempotency-Key': KEY }, body);
      expect(response.status).toBe(400);
      expect(portone.calls.api).toBe(0);
    },
  );

  it.each<[string, AnswerFault, number, string]>([
    [
      'an error that the caller caused',
      { kind: 'status', status: 409, body: { type: 'PAYMENT_NOT_PAID' } },
      409,
      'PAYMENT_NOT_PAID',
    ],
    [
      'an error that the caller must not see',
      { kind: 'status', status: 403 },
      502,
      'PAYMENT_PROVIDER_FAILED',
    ],
    [
      'a failure of the PG',
      { kind: 'status', status: 502 },
      502,
      'PAYMENT_PROVIDER_FAILED',
    ],
    [
      'a connection lost before the answer',
      { kind: 'reset-before-answer' },
      504,
      'PAYMENT_OUTCOME_UNKNOWN',
    ],
    [
      'a connection lost in the middle of the answer',
      { kind: 'reset-mid-answer' },
      504,
      'PAYMENT_OUTCOME_UNKNOWN',
    ],
    [
      'an HTML page with status 200',
      { kind: 'html' },
      504,
      'PAYMENT_OUTCOME_UNKNOWN',
    ],
  ])(
    'answers a refund with an error code after %s',
    async (_, fault, status, code) => {
      portone.fail('api', fault);
      const response = await cancel(
        { 'Idempotency-Key': KEY },
        { reason: 'x' },
      );
      expect(response.status).toBe(status);
      expect(await response.json()).toEqual({ statusCode: status, code });
    },
  );

  it('answers 503 with Retry-After while there is no token', async () => {
    portone.revokeAccessTokens();
    portone.fail('tokens', { kind: 'status', status: 503, retryAfter: 7 });
    const response = await send('/payments/payment-1');
    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).toBe('7');
  });
});

describe('The emulator of the quick start', () => {
  it('starts only with PORTONE_EMULATOR=1', async () => {
    const env = { PORTONE_EMULATOR: 'true' };
    expect(await emulatorIfAsked(env)).toBeUndefined();
    expect(env).toEqual({ PORTONE_EMULATOR: 'true' });
  });

  it('throws in production', async () => {
    const env = { PORTONE_EMULATOR: '1', NODE_ENV: 'production' };
    await expect(emulatorIfAsked(env)).rejects.toThrow('NODE_ENV=production');
  });

  it('is named by the error about a missing PORTONE_API_SECRET', () => {
    const env = jest.replaceProperty(process, 'env', {});
    expect(() => new PortOneOptions().createAuthOptions()).toThrow(
      /PORTONE_API_SECRET.*PORTONE_EMULATOR=1/,
    );
    env.restore();
  });
});
