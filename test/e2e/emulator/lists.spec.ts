import { afterEach, describe, expect, it } from '@jest/globals';
import { bearer, http, openEmulator, stopEmulators } from './open-emulator.js';

afterEach(stopEmulators);

const DAY = 86_400_000;

/** Opens an emulator with a clock that `pass` moves. `list` and `ids` ask for a list of payments. */
async function openLists() {
  let now = Date.UTC(2031, 0, 1);
  const emulator = await openEmulator({ clock: { now: () => now } });
  const { accessToken } = (await emulator.login()).data;
  return {
    ...emulator,
    accessToken,
    pass: (ms: number) => (now += ms),
    list: (body: unknown) => emulator.list(accessToken, body),
    ids: async (body: object): Promise<string[]> => {
      const token = (await emulator.login()).data.accessToken;
      const { data } = await emulator.list(token, body);
      return data.items.map(({ id }: { id: string }) => id);
    },
  };
}

describe('Lists of payments', () => {
  it('come in pages', async () => {
    const { portone, list } = await openLists();
    portone.addPayment({ id: 'order-4' });
    const { data } = await list({ page: { number: 1, size: 3 } });
    expect(data).toMatchObject({
      items: [{ id: 'order-4' }],
      page: { number: 1, size: 3, totalCount: 4 },
    });
    expect((await list({})).data.page).toEqual({
      number: 0,
      size: 10,
      totalCount: 4,
    });
  });

  it('take their filter from the query or from the body of the GET, but not from both', async () => {
    const { portone, accessToken } = await openLists();
    const url = `${portone.url}/payments`;
    const body = JSON.stringify({ page: { size: 2 } });
    const headers = {
      ...bearer(accessToken).headers,
      'Content-Type': 'application/json',
    };
    const inBody = await http.get(url, { headers, data: body });
    expect(inBody.data.items).toHaveLength(2);
    expect((await http.get(url, { headers, data: '{' })).status).toBe(400);
    const params = { requestBody: body };
    const twice = await http.get(url, { headers, params, data: body });
    expect(twice.status).toBe(400);
    expect((await http.get(url, { headers })).data.items).toHaveLength(3);
  });

  it.each([
    ['{'],
    ['[]'],
    ['5'],
    ['null'],
    [{ page: 5 }],
    [{ page: { number: -1 } }],
    [{ page: { number: 0.5 } }],
    [{ page: { number: '0' } }],
    [{ page: { number: 2 ** 31 } }],
    [{ page: { size: 0 } }],
    [{ page: { size: -10 } }],
    [{ filter: [] }],
    [{ filter: { status: 'PAID' } }],
    [{ filter: { status: ['PAY_PENDING'] } }],
    [{ filter: { methods: ['PaymentMethodCard'] } }],
    [{ filter: { currency: 'WON' } }],
    [{ filter: { from: '2031-01-01' } }],
    [{ filter: { isTest: 'true' } }],
    [{ filter: { sortBy: 'ID' } }],
    [{ filter: { textSearch: [{ field: 'NAME', value: 'x' }] } }],
    [
      {
        filter: { cashReceiptIssuedAtRange: { from: '2031-01-01T00:00:00Z' } },
      },
    ],
  ])('get 400 for the body %j', async (body) => {
    const { list } = await openLists();
    expect(await list(body)).toMatchObject({
      status: 400,
      data: { type: 'INVALID_REQUEST' },
    });
  });

  it.each([
    [{ storeId: 'store-of-others' }],
    [{ merchantId: 'merchant-of-others' }],
  ])('get 403 for the filter %j', async (filter) => {
    const { list } = await openLists();
    expect(await list({ filter })).toMatchObject({
      status: 403,
      data: { type: 'FORBIDDEN' },
    });
  });

  it.each<[object, string[]]>([
    [{}, ['payment-1', 'payment-2', 'payment-3', 'usd', 'pending']],
    [{ status: ['PENDING'] }, ['pending']],
    [{ status: [] }, ['payment-1', 'payment-2', 'payment-3', 'usd', 'pending']],
    [{ status: ['PAID'], currency: 'USD' }, ['usd']],
    [{ methods: ['TRANSFER', 'MOBILE'] }, ['usd']],
    [{ isTest: false }, ['usd']],
    [{ isScheduled: true }, ['pending']],
    [{ pgProvider: ['PAYPAL'] }, ['usd']],
    [{ textSearch: [{ field: 'ORDER_NAME', value: 'book' }] }, ['usd']],
    [{ textSearch: [{ field: 'ALL', value: 'schedule-' }] }, ['pending']],
    [{ platformType: 'SDK_MOBILE' }, ['pending']],
    [{ isEscrow: true }, []],
  ])('are filtered by %j', async (filter, expected) => {
    const { portone, ids } = await openLists();
    portone.addPayment({
      id: 'usd',
      currency: 'USD',
      orderName: 'A book',
      method: { type: 'PaymentMethodTransfer' },
      channel: { type: 'LIVE', pgProvider: 'PAYPAL', pgMerchantId: 'x' },
    });
    portone.addPayment({
      id: 'pending',
      status: 'PAY_PENDING',
      scheduleId: 'schedule-1',
      origin: { platformType: 'MOBILE', ipAddress: '10.0.0.1' },
    });
    expect(await ids({ filter })).toEqual(expected);
  });

  it('contain the last 90 days by default, and are sorted as the filter says', async () => {
    const { portone, pass, ids } = await openLists();
    pass(60 * DAY);
    portone.addPayment({ id: 'later' });
    const until = new Date(Date.UTC(2031, 1, 1)).toISOString();
    expect(await ids({ filter: { until } })).not.toContain('later');
    const newestFirst = { sortBy: 'REQUESTED_AT' };
    expect((await ids({ filter: newestFirst }))[0]).toBe('later');
    const oldestFirst = { sortBy: 'STATUS_CHANGED_AT', sortOrder: 'ASC' };
    expect((await ids({ filter: oldestFirst })).at(-1)).toBe('later');
    pass(31 * DAY);
    expect(await ids({})).toEqual(['later']);
    const from = '2031-01-01T09:00:00+09:00';
    expect(await ids({ filter: { from } })).toHaveLength(4);
  });

  it('and single payments get 403 for another store', async () => {
    const { portone, accessToken } = await openLists();
    const show = (storeId: string) =>
      http.get(`${portone.url}/payments/payment-1`, {
        ...bearer(accessToken),
        params: { storeId },
      });
    expect((await show(portone.storeId)).status).toBe(200);
    expect(await show('store-of-others')).toMatchObject({
      status: 403,
      data: { type: 'FORBIDDEN' },
    });
  });
});
