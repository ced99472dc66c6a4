import { afterEach, describe, expect, it } from '@jest/globals';
import type { HttpMethod } from '../../../lib/testing/index.js';
import {
  allowAnyAnswer,
  bearer,
  failure,
  http,
  openEmulator,
  stopEmulators,
} from './open-emulator.js';

afterEach(stopEmulators);

const KEY = '"refund-of-order-0001"';
const PART = { reason: '부분', amount: 3_000 };

async function openShop() {
  let now = Date.UTC(2031, 0, 1);
  const emulator = await openEmulator({
    clock: { now: () => now },
    accessTokenLifetime: 86_400,
  });
  const { accessToken } = (await emulator.login()).data;
  return {
    ...emulator,
    accessToken,
    pass: (ms: number) => (now += ms),
    refund: (key?: string, body: object = PART, id = 'payment-1') =>
      emulator.cancel(accessToken, id, body, key),
    left: async () =>
      (await emulator.payment(accessToken)).data.amount.paid as number,
  };
}

describe('Idempotency-Key', () => {
  it('lets a request take effect once, and repeats its answer', async () => {
    const { refund, left } = await openShop();
    const first = await refund(KEY);
    expect(first.status).toBe(200);
    expect(await refund(KEY)).toMatchObject({ status: 200, data: first.data });
    expect(await left()).toBe(7_000);
    await refund('"refund-of-order-0002"');
    await refund();
    expect(await left()).toBe(1_000);
  });

  it('repeats an error too', async () => {
    const { portone, refund } = await openShop();
    expect((await refund(KEY, PART, 'order-1')).status).toBe(404);
    portone.addPayment({ id: 'order-1' });
    expect((await refund(KEY, PART, 'order-1')).status).toBe(404);
    expect((await refund(undefined, PART, 'order-1')).status).toBe(200);
  });

  it('is kept for three hours by the given clock', async () => {
    const { refund, left, pass } = await openShop();
    await refund(KEY);
    pass(3 * 3_600_000 - 1);
    await refund(KEY);
    expect(await left()).toBe(7_000);
    pass(1);
    await refund(KEY);
    expect(await left()).toBe(4_000);
  });

  it.each<[string, object, string]>([
    ['another body', { ...PART, amount: 3_001 }, 'payment-1'],
    ['another payment', PART, 'payment-2'],
  ])('is rejected with %s', async (_, body, id) => {
    const { refund, left } = await openShop();
    await refund(KEY);
    expect(await refund(KEY, body, id)).toMatchObject({
      status: 400,
      data: { type: 'INVALID_REQUEST' },
    });
    expect(await left()).toBe(7_000);
  });

  it('gets 409 while its request is in progress', async () => {
    const { portone, accessToken } = await openShop();
    let finish: (answer: object) => void = () => {};
    portone.on('POST', '/payments/:paymentId/capture', () => {
      return new Promise((resolve) => (finish = resolve));
    });
    const capture = () =>
      http.post(`${portone.url}/payments/payment-1/capture`, PART, {
        headers: { ...bearer(accessToken).headers, 'Idempotency-Key': KEY },
      });
    const first = capture();
    while (
      !portone.calls.requests.some(
        ({ path, body }) => /capture/.test(path) && body,
      )
    )
      await new Promise(setImmediate);
    for (const { status, data } of await Promise.all([capture(), capture()]))
      expect([status, data.type]).toEqual([
        409,
        'IDEMPOTENCY_OUTSTANDING_REQUEST',
      ]);
    finish({ captured: true });
    expect((await first).data).toEqual({ captured: true });
    expect((await capture()).data).toEqual({ captured: true });
  });

  it('is in progress until the delay of its answer is over', async () => {
    const { portone, refund, left } = await openShop();
    portone.fail(
      'POST /payments/:paymentId/cancel',
      { kind: 'delay', ms: 3_600_000 },
      { times: 1 },
    );
    const delayed = failure(refund(KEY));
    while (!portone.calls.requests.at(-1)?.body)
      await new Promise(setImmediate);
    expect((await refund(KEY)).status).toBe(409);
    expect(await left()).toBe(7_000);
    await portone.stop();
    expect((await delayed).code).toBe('ECONNRESET');
  });

  it.each([
    ['no quotes', 'refund-of-order-0001'],
    ['one quote', '"refund-of-order-0001'],
    ['15 characters', `"${'k'.repeat(15)}"`],
    ['257 characters', `"${'k'.repeat(257)}"`],
    ['a quote inside', '"refund-of-"order"-0001"'],
    ['a backslash that escapes nothing', '"refund-of-order\\0001"'],
    ['two keys', `${KEY}, ${KEY}`],
    ['parameters', `${KEY};a=1`],
    ['characters beyond ASCII', `"${'é'.repeat(16)}"`],
    ['no characters', '""'],
  ])('is rejected with %s', async (_, key) => {
    const { refund, left } = await openShop();
    expect(await refund(key)).toMatchObject({
      status: 400,
      data: { type: 'INVALID_REQUEST' },
    });
    expect(await left()).toBe(10_000);
  });

  it.each([
    ['16 characters', `"${'k'.repeat(16)}"`],
    ['256 characters', `"${'~'.repeat(256)}"`],
    ['escapes', `"${'\\"\\\\'.repeat(8)}"`],
    ['blanks', '"refund of order 1"'],
  ])('may have %s', async (_, key) => {
    const { refund, left } = await openShop();
    await refund(key);
    expect((await refund(key)).status).toBe(200);
    expect(await left()).toBe(7_000);
  });

  it('is ignored for a GET, and not used up by rejected credentials', async () => {
    const { portone, accessToken, cancel, refund, left } = await openShop();
    const headers = { ...bearer(accessToken).headers, 'Idempotency-Key': 'x' };
    const url = `${portone.url}/payments/payment-1`;
    expect((await http.get(url, { headers })).status).toBe(200);
    expect((await cancel('unknown', 'payment-1', PART, KEY)).status).toBe(401);
    expect((await refund(KEY)).status).toBe(200);
    expect(await left()).toBe(7_000);
  });

  it.each<HttpMethod>(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'works for an added %s too',
    async (method) => {
      const { portone, accessToken } = await openShop();
      let runs = 0;
      portone.on(method, '/platform/partners/:id', () => ({ run: ++runs }));
      const send = (key: string) =>
        http.request({
          method,
          url: `${portone.url}/platform/partners/1`,
          headers: { ...bearer(accessToken).headers, 'Idempotency-Key': key },
        });
      expect((await send(KEY)).data).toEqual({ run: 1 });
      expect((await send(KEY)).data).toEqual({ run: 1 });
      expect((await send('short')).status).toBe(400);
    },
  );

  it.each([
    [{ kind: 'reset-before-answer' } as const],
    [{ kind: 'reset-mid-answer' } as const],
    [{ kind: 'status', status: 503 } as const],
  ])(
    'shows by a retry whether a request with a lost answer took effect: %j',
    async (fault) => {
      const { portone, refund, left } = await openShop();
      allowAnyAnswer(portone);
      portone.fail('api', fault, { times: 1, processed: true });
      await refund(KEY).catch(() => undefined);
      expect(await refund(KEY)).toMatchObject({
        status: 200,
        data: { cancellation: { totalAmount: 3_000 } },
      });
      expect(await left()).toBe(7_000);
      portone.fail('api', fault, { times: 1 });
      await refund('"refund-of-order-0002"').catch(() => undefined);
      expect(await left()).toBe(7_000);
      expect((await refund('"refund-of-order-0002"')).status).toBe(200);
      expect(await left()).toBe(4_000);
    },
  );
});
