import { afterEach, describe, expect, it } from '@jest/globals';
import type { NewPayment } from '../../../lib/testing/index.js';
import { openEmulator, stopEmulators } from './open-emulator.js';

afterEach(stopEmulators);

/** Opens an emulator with one payment. `cancel` cancels that payment. */
async function openOrder(payment: Omit<NewPayment, 'id'> = {}) {
  const emulator = await openEmulator();
  emulator.portone.addPayment({ id: 'order-1', ...payment });
  const { accessToken } = (await emulator.login()).data;
  return {
    ...emulator,
    cancel: (body: object = {}) =>
      emulator.cancel(accessToken, 'order-1', { reason: '단순 변심', ...body }),
    show: async () => (await emulator.payment(accessToken, 'order-1')).data,
  };
}

describe('A cancellation', () => {
  it('cancels the whole payment, and a second one is rejected', async () => {
    const { cancel, show } = await openOrder();
    expect(await cancel()).toMatchObject({
      status: 200,
      data: { cancellation: { status: 'SUCCEEDED', totalAmount: 10_000 } },
    });
    expect(await cancel()).toMatchObject({
      status: 409,
      data: { type: 'PAYMENT_ALREADY_CANCELLED' },
    });
    expect(await show()).toMatchObject({
      status: 'CANCELLED',
      amount: { total: 10_000, paid: 0, cancelled: 10_000 },
    });
  });

  it('may cancel a part; tax-free amount and VAT are counted too', async () => {
    const { cancel, show } = await openOrder({
      total: 11_000,
      amount: { taxFree: 1_000 },
    });
    await cancel({ amount: 3_000 });
    await cancel({ amount: 3_000, taxFreeAmount: 900, vatAmount: 100 });
    expect(await show()).toMatchObject({
      status: 'PARTIAL_CANCELLED',
      amount: { paid: 5_000, cancelled: 6_000, cancelledTaxFree: 900 },
      cancellations: [
        { totalAmount: 3_000, taxFreeAmount: 0, vatAmount: 273 },
        { totalAmount: 3_000, taxFreeAmount: 900, vatAmount: 100 },
      ],
    });
    await cancel({ currentCancellableAmount: 5_000 });
    expect(await show()).toMatchObject({
      status: 'CANCELLED',
      amount: { paid: 0, cancelled: 11_000, cancelledTaxFree: 1_000 },
      cancellations: [{}, {}, { taxFreeAmount: 100, vatAmount: 536 }],
    });
  });

  it.each([
    'READY',
    'FAILED',
    'PAY_PENDING',
    'VIRTUAL_ACCOUNT_ISSUED',
  ] as const)('is rejected for a payment that is %s', async (status) => {
    const { cancel, show } = await openOrder({ status });
    expect(await cancel()).toMatchObject({
      status: 409,
      data: { type: 'PAYMENT_NOT_PAID' },
    });
    expect((await show()).status).toBe(status);
  });

  it.each<[string, object]>([
    [
      'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN',
      { amount: 1_000, currentCancellableAmount: 9_000 },
    ],
    ['CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT', { amount: 10_001 }],
    [
      'CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT',
      { amount: 5_000, taxFreeAmount: 1_001 },
    ],
    [
      'CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT',
      { amount: 5_000, vatAmount: 819 },
    ],
    [
      'SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT',
      { amount: 900, taxFreeAmount: 500, vatAmount: 401 },
    ],
  ])('gets 409 %s', async (type, body) => {
    const { cancel, show } = await openOrder({ amount: { taxFree: 1_000 } });
    expect(await cancel(body)).toMatchObject({ status: 409, data: { type } });
    expect((await show()).status).toBe('PAID');
  });

  it.each([
    [{ reason: undefined }],
    [{ reason: '' }],
    [{ reason: 5 }],
    [{ amount: 0 }],
    [{ amount: -1 }],
    [{ amount: 1.5 }],
    [{ amount: '1000' }],
    [{ taxFreeAmount: -1 }],
    [{ vatAmount: 0.5 }],
    [{ currentCancellableAmount: '10000' }],
    [{ requester: 'SHOP' }],
    [{ refundAccount: { bank: 'SHINHAN', number: '1' } }],
    [{ promotionDiscountRetainOption: true }],
    [{ skipWebhook: 'yes' }],
    [{ storeId: 5 }],
  ])('gets 400 for %j', async (body) => {
    const { cancel, show } = await openOrder();
    const { status, data } = await cancel(body);
    expect([status, data.type]).toEqual([400, 'INVALID_REQUEST']);
    expect(data.message).toContain(Object.keys(body)[0]);
    expect((await show()).status).toBe('PAID');
  });

  it.each(['', '{', '[]', '5', 'null', '"text"'])(
    'gets 400 for the body %j',
    async (body) => {
      const { portone, login, cancel } = await openEmulator();
      portone.addPayment({ id: 'order-1' });
      const { accessToken } = (await login()).data;
      expect(await cancel(accessToken, 'order-1', body)).toMatchObject({
        status: 400,
        data: { type: 'INVALID_REQUEST' },
      });
    },
  );

  it('gets 403 for another store', async () => {
    const { portone, cancel } = await openOrder();
    expect(await cancel({ storeId: 'store-of-others' })).toMatchObject({
      status: 403,
      data: { type: 'FORBIDDEN' },
    });
    expect((await cancel({ storeId: portone.storeId })).status).toBe(200);
  });
});
