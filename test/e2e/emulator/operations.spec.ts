import { afterEach, describe, expect, it } from '@jest/globals';
import { isAuthConfigurationError } from '../../../lib/index.js';
import { OPERATIONS } from '../../../lib/testing/api/facts/operations.js';
import type {
  EmulatedRequest,
  HttpMethod,
  PortOneEmulator,
} from '../../../lib/testing/index.js';
import {
  allowAnyAnswer,
  bearer,
  http,
  openEmulator,
  stopEmulators,
} from './open-emulator.js';
import { DOCUMENTED } from './documented.js';

afterEach(stopEmulators);

const BILLING_KEY = '/payments/:paymentId/billing-key';

/** Sends a request to any operation, by default with the API secret. */
const ask = (
  portone: PortOneEmulator,
  method: string,
  path: string,
  headers: Record<string, string> = {
    authorization: `PortOne ${portone.apiSecret}`,
  },
) => http.request({ method, url: `${portone.url}${path}`, headers });

const LINES = OPERATIONS.trim().split('\n');
const operations = LINES.map((line) => {
  const [method = '', template = '', isPublic] = line.split(' ');
  return { method, template, isPublic: isPublic === 'public' };
});

describe('Operations', () => {
  it('that the emulator lacks get 501, with a message that says how to add them', async () => {
    const { portone } = await openEmulator();
    expect(operations).toHaveLength(147);
    const missing = operations.filter(
      ({ method, template }) => !DOCUMENTED[`${method} ${template}`],
    );
    expect(missing).toHaveLength(142);
    for (const { method, template } of missing) {
      const path = template.replace(/\{\w+\}/g, 'x');
      const { status, data } = await ask(portone, method, path);
      expect([status, data.type]).toEqual([501, 'EMULATOR_OPERATION_MISSING']);
      expect(data.message).toContain(`PortOneEmulator has no ${method} `);
      const [, pattern] = /on\('\w+', '([^']+)'/.exec(data.message) ?? [];
      portone.on(method as HttpMethod, pattern ?? '', () => ({ added: true }));
      expect((await ask(portone, method, path)).data).toEqual({ added: true });
    }
  });

  it('need credentials, except public ones', async () => {
    const { portone } = await openEmulator();
    const publicOnes = [];
    for (const { method, template } of operations) {
      const path = template.replace(/\{\w+\}/g, 'x');
      const { status } = await ask(portone, method, path, {});
      if (status !== 401) publicOnes.push(`${method} ${template} ${status}`);
    }
    expect(publicOnes).toEqual([
      'GET /banks 501',
      'GET /checkout-profiles/evaluate 501',
      'POST /login/api-secret 400',
      'GET /payment-sessions/{sessionId} 501',
      'POST /token/refresh 400',
    ]);
    portone.on('GET', '/banks', () => ({ items: [] }));
    expect(await ask(portone, 'GET', '/banks', {})).toMatchObject({
      status: 200,
      data: { items: [] },
    });
  });

  it.each([
    ['GET', '/no-such-thing'],
    ['PUT', '/payments/payment-1'],
    ['GET', '/payments/'],
    ['GET', '/payments/payment-1/cancel'],
    ['GET', '/login/api-secret'],
  ])('that PortOne does not have get 404: %s %s', async (method, path) => {
    const { portone } = await openEmulator();
    allowAnyAnswer(portone);
    expect(await ask(portone, method, path)).toMatchObject({
      status: 404,
      data: { type: 'NOT_FOUND' },
    });
  });
});

describe('on()', () => {
  it('adds an operation whose handler gets the request and gives the answer', async () => {
    const { portone, login } = await openEmulator();
    const seen: EmulatedRequest[] = [];
    portone.on('POST', BILLING_KEY, async (request) => {
      seen.push(request);
      return { status: 404, body: { type: 'BILLING_KEY_NOT_FOUND' } };
    });
    const { accessToken } = (await login()).data;
    const answer = await http.post(
      `${portone.url}/payments/order%2F1/billing-key?test=true`,
      { billingKey: 'key-1' },
      bearer(accessToken),
    );
    expect(answer).toMatchObject({
      status: 404,
      data: { type: 'BILLING_KEY_NOT_FOUND' },
    });
    expect(seen).toMatchObject([
      {
        method: 'POST',
        params: { paymentId: 'order/1' },
        body: { billingKey: 'key-1' },
        text: '{"billingKey":"key-1"}',
      },
    ]);
    expect(seen[0]?.query.get('test')).toBe('true');
  });

  it.each<[unknown, number, unknown]>([
    [{ status: 'PAID', id: 'x' }, 200, { status: 'PAID', id: 'x' }],
    [{ status: 201 }, 201, {}],
    [{ body: [1] }, 200, [1]],
    [[1, 2], 200, [1, 2]],
    [undefined, 200, {}],
  ])('accepts %j as an answer', async (returned, status, data) => {
    const { portone } = await openEmulator();
    portone.on('GET', '/platform/setting', () => returned);
    expect(await ask(portone, 'GET', '/platform/setting')).toMatchObject({
      status,
      data,
    });
  });

  it('adds an operation that needs credentials and a permission, and that faults apply to', async () => {
    const { portone, login } = await openEmulator({ permissions: ['TX_READ'] });
    const token = bearer((await login()).data.accessToken).headers;
    const path = '/payments/payment-1/billing-key';
    portone.on('POST', BILLING_KEY, () => ({}));
    expect(await ask(portone, 'POST', path, {})).toMatchObject({ status: 401 });
    expect(await ask(portone, 'POST', path, token)).toMatchObject({
      status: 403,
      data: {
        type: 'FORBIDDEN',
        message: expect.stringContaining('TX_UPDATE'),
      },
    });
    portone.on('POST', BILLING_KEY, () => ({}), { permission: 'TX_READ' });
    expect((await ask(portone, 'POST', path, token)).status).toBe(200);
    portone.on('POST', BILLING_KEY, () => ({}), { permission: 'RECON_READ' });
    expect((await ask(portone, 'POST', path, token)).status).toBe(403);
    portone.on('POST', BILLING_KEY, () => ({}), { permission: null });
    expect((await ask(portone, 'POST', path, token)).status).toBe(200);
    portone.fail(`POST ${BILLING_KEY}`, { kind: 'status', status: 502 });
    expect(await ask(portone, 'POST', path, token)).toMatchObject({
      status: 502,
      data: { type: 'PG_PROVIDER', pgCode: expect.any(String) },
    });
    portone.heal();
    portone.revokeAccessTokens();
    expect((await ask(portone, 'POST', path, token)).status).toBe(401);
  });

  it('replaces a built-in operation; of two paths that match, the one with more fixed segments is used', async () => {
    const { portone } = await openEmulator();
    allowAnyAnswer(portone);
    portone.on('GET', '/payments/:paymentId', () => ({ id: 'any' }));
    portone.on('GET', '/payments/special', () => ({ id: 'special' }));
    for (const [id, shown] of [
      ['payment-1', 'any'],
      ['special', 'special'],
    ])
      expect((await ask(portone, 'GET', `/payments/${id}`)).data.id).toBe(
        shown,
      );
  });

  it('answers 500 when a handler throws, and the Idempotency-Key is free again', async () => {
    const { portone } = await openEmulator();
    let runs = 0;
    portone.on('POST', BILLING_KEY, () => {
      if (++runs === 1) throw new Error('no such order');
      return {};
    });
    const headers = {
      authorization: `PortOne ${portone.apiSecret}`,
      'Idempotency-Key': '"refund-of-order-0001"',
    };
    const path = '/payments/payment-1/billing-key';
    expect(await ask(portone, 'POST', path, headers)).toMatchObject({
      status: 500,
      data: {
        type: 'EMULATOR_HANDLER_FAILED',
        message: expect.stringContaining('no such order'),
      },
    });
    expect((await ask(portone, 'POST', path, headers)).status).toBe(200);
  });

  it.each([
    ['an unknown method', ['FETCH', '/x', () => ({})]],
    ['a path without a slash', ['GET', 'x', () => ({})]],
    ['a path with a query', ['GET', '/x?y=1', () => ({})]],
    ['the path of a token endpoint', ['POST', '/token/refresh', () => ({})]],
    ['no handler', ['GET', '/x', undefined]],
  ])('throws for %s', async (_, given) => {
    const { portone } = await openEmulator();
    try {
      portone.on(...(given as Parameters<PortOneEmulator['on']>));
      expect('accepted').toBe('thrown');
    } catch (error) {
      expect(isAuthConfigurationError(error)).toBe(true);
    }
  });
});
