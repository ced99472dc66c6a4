import { afterEach, describe, expect, it } from '@jest/globals';
import { bearer, http, openEmulator, stopEmulators } from './open-emulator.js';

afterEach(stopEmulators);

describe('payments', () => {
  it('are shown and listed', async () => {
    const { portone, login, payment } = await openEmulator();
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
    const { login, payment, cancel } = await openEmulator();
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

  it('come with an echo that shows what arrived', async () => {
    const { portone, login } = await openEmulator();
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
