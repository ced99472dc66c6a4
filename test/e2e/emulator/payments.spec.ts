import { afterEach, describe, expect, it } from '@jest/globals';
import {
  isAuthConfigurationError,
  type AuthConfigurationError,
} from '../../../lib/index.js';
import type { NewPayment, PaymentStatus } from '../../../lib/testing/index.js';
import { http, openEmulator, stopEmulators } from './open-emulator.js';

afterEach(stopEmulators);

/** The fields that addPayment() names as wrong. */
async function wrongFields(payment: object): Promise<string[]> {
  const { portone } = await openEmulator();
  try {
    portone.addPayment(payment as NewPayment);
  } catch (error) {
    expect(isAuthConfigurationError(error)).toBe(true);
    return (error as AuthConfigurationError).problems.map(({ field }) =>
      field.replace('addPayment().', ''),
    );
  }
  return [];
}

const STATUSES: PaymentStatus[] = [
  'READY',
  'PAY_PENDING',
  'VIRTUAL_ACCOUNT_ISSUED',
  'PAID',
  'FAILED',
  'PARTIAL_CANCELLED',
  'CANCELLED',
];

describe('Payments', () => {
  // open-emulator.ts compares every answer with PortOne's document.
  it.each(STATUSES)('can be %s', async (status) => {
    const { portone, login, payment, list } = await openEmulator();
    portone.addPayment({ id: 'order-1', status, total: 5_000 });
    const { accessToken } = (await login()).data;
    const { data } = await payment(accessToken, 'order-1');
    expect(data).toMatchObject({ status, amount: { total: 5_000 } });
    const { paid, cancelled } = data.amount;
    expect([paid > 0, cancelled > 0]).toEqual([
      ['PAID', 'PARTIAL_CANCELLED'].includes(status),
      ['CANCELLED', 'PARTIAL_CANCELLED'].includes(status),
    ]);
    expect((await list(accessToken, {})).data.items).toHaveLength(4);
  });

  it('are shown with the fields they were given', async () => {
    const { portone, login, payment } = await openEmulator();
    portone.addPayment({
      id: 'order/4',
      total: 1234,
      customData: '{}',
      amount: { taxFree: 234 },
      method: undefined,
    });
    const { accessToken } = (await login()).data;
    const { data } = await payment(accessToken, 'order%2F4');
    expect(data).toMatchObject({
      status: 'PAID',
      id: 'order/4',
      amount: { total: 1234, taxFree: 234, vat: 91, supply: 909, paid: 1234 },
      origin: { ipAddress: '127.0.0.1' },
      customData: '{}',
    });
    expect(data).not.toHaveProperty('method');
    expect(await payment(accessToken, 'none')).toMatchObject({
      status: 404,
      data: { type: 'PAYMENT_NOT_FOUND' },
    });
  });

  it('are not changed when a test changes the returned copy', async () => {
    const { portone, login, payment } = await openEmulator();
    const copy = portone.addPayment({ id: 'order-1' });
    copy.status = 'FAILED';
    copy.amount.total = 1;
    const { accessToken } = (await login()).data;
    expect((await payment(accessToken, 'order-1')).data).toMatchObject({
      status: 'PAID',
      amount: { total: 10_000 },
    });
  });

  it.each<[string, object]>([
    ['amount.total', { total: 10.5 }],
    ['amount.total', { total: -1 }],
    ['amount.total', { total: '5' }],
    ['currency', { currency: 'WON' }],
    ['currency', { currency: 'krw' }],
    ['status', { status: 'PENDING' }],
    ['disputes', { status: 'READY', disputes: [] }],
    ['paidAt', { status: 'FAILED', paidAt: '2026-01-01T00:00:00Z' }],
    ['failedAt', { failedAt: '2026-01-01T00:00:00Z' }],
    ['paidAt', { paidAt: 'yesterday' }],
    ['paidAt', { paidAt: '2026-02-30T00:00:00Z' }],
    ['channel', { channel: undefined }],
    ['channel.pgProvider', { channel: { type: 'TEST', pgMerchantId: 'x' } }],
    ['origin.ipAddress', { origin: { platformType: 'PC' } }],
    ['method.type', { method: { type: 'CARD' } }],
    ['customer.address.type', { customer: { address: { oneLine: 'x' } } }],
    ['products[1].quantity', { products: [product(1), product(1.5)] }],
    ['amount.paid', { amount: { paid: 20_000 } }],
    ['amount.paid', { status: 'READY', amount: { paid: 1 } }],
    ['amount.supply', { amount: { supply: 1 } }],
    ['amount.cancelled', { status: 'PARTIAL_CANCELLED', total: 1 }],
    ['orderTitle', { orderTitle: 'x' }],
    ['id', { id: '' }],
    ['id', { id: 5 }],
  ])(
    'that PortOne could not send are rejected, and the error names %s: %j',
    async (field, given) => {
      expect(await wrongFields({ id: 'order-1', ...given })).toContain(field);
    },
  );

  it('need the permission, and a valid token or the API secret', async () => {
    const { portone, login, payment, cancel } = await openEmulator({
      permissions: ['TX_READ'],
    });
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
});

function product(quantity: number): object {
  return { id: '1', name: 'x', amount: 1, quantity };
}
