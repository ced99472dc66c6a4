import { afterEach, describe, expect, it } from '@jest/globals';
import { verify } from '@portone/server-sdk/webhook';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { PortOneEmulator } from '../../../lib/testing/index.js';
import { openEmulator, stopEmulators } from './open-emulator.js';

interface Delivery {
  headers: IncomingHttpHeaders;
  body: string;
}

const servers: { close(): void }[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await stopEmulators();
});

/** Opens a receiver of webhooks that answers 202. `check` verifies the last webhook with PortOne's SDK. */
async function openReceiver() {
  const received: Delivery[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, body });
      response.writeHead(202).end('thank you');
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const check = (secret: string) => {
    const { headers, body } = received.at(-1) as Delivery;
    return verify(secret, body, headers);
  };
  return { url: `http://127.0.0.1:${port}/webhooks`, received, check };
}

describe('sendWebhook()', () => {
  it("sends a webhook that PortOne's SDK accepts", async () => {
    const { portone } = await openEmulator();
    const { url, received, check } = await openReceiver();
    const { transactionId } = portone.addPayment({ id: 'order-1' });
    const delivery = await portone.sendWebhook(url, {
      type: 'Transaction.Paid',
      data: { paymentId: 'order-1' },
    });
    expect(delivery).toMatchObject({ status: 202, body: 'thank you' });
    expect(delivery.payload).toBe(received[0]?.body);
    expect(received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': delivery.id,
    });
    expect(await check(portone.webhookSecret)).toEqual({
      type: 'Transaction.Paid',
      timestamp: expect.stringMatching(/^\d{4}-.+Z$/),
      data: { storeId: portone.storeId, paymentId: 'order-1', transactionId },
    });
  });

  it('sends a body of version 2024-01-01 too', async () => {
    const { portone } = await openEmulator();
    const { url, check } = await openReceiver();
    await portone.sendWebhook(url, { payment_id: 'payment-1', status: 'Paid' });
    expect(await check(portone.webhookSecret)).toEqual({
      tx_id: expect.any(String),
      payment_id: 'payment-1',
      status: 'Paid',
    });
  });

  it('does not change fields that it was given', async () => {
    const { portone } = await openEmulator();
    const { url, check } = await openReceiver();
    const event = {
      type: 'BillingKey.Issued',
      timestamp: '2026-01-01T00:00:00Z',
      data: { storeId: 'store-2', billingKey: 'key-1', note: '한글' },
    };
    await portone.sendWebhook(url, event);
    expect(await check(portone.webhookSecret)).toEqual(event);
  });

  it('signs with the secret in the options of the emulator', async () => {
    const webhookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const { portone } = await openEmulator({ webhookSecret });
    const { url, check } = await openReceiver();
    await portone.sendWebhook(url, { type: 'Transaction.Ready' });
    expect(await check(webhookSecret)).toMatchObject({
      type: 'Transaction.Ready',
    });
    await expect(check('whsec_b3RoZXI=')).rejects.toMatchObject({
      reason: 'NO_MATCHING_SIGNATURE',
    });
  });

  it('can send forged, old and repeated webhooks, for tests of a receiver', async () => {
    const { portone } = await openEmulator();
    const { url, received, check } = await openReceiver();
    const event = { type: 'Transaction.Paid' };
    await portone.sendWebhook(url, event, { secret: 'whsec_b3RoZXI=' });
    await expect(check(portone.webhookSecret)).rejects.toMatchObject({
      reason: 'NO_MATCHING_SIGNATURE',
    });
    const timestamp = new Date(Date.now() - 301_000);
    await portone.sendWebhook(url, event, { timestamp, id: 'event-1' });
    await expect(check(portone.webhookSecret)).rejects.toMatchObject({
      reason: 'TIMESTAMP_TOO_OLD',
    });
    await portone.sendWebhook(url, event, { id: 'event-1' });
    await check(portone.webhookSecret);
    const ids = received.map(({ headers }) => headers['webhook-id']);
    expect(ids.slice(1)).toEqual(['event-1', 'event-1']);
  });

  it('uses the clock of the emulator', async () => {
    const now = Date.UTC(2031, 0, 1);
    const { portone } = await openEmulator({ clock: { now: () => now } });
    const { url } = await openReceiver();
    const { headers, payload } = await portone.sendWebhook(url, {
      type: 'Transaction.Paid',
    });
    expect(headers['webhook-timestamp']).toBe(String(now / 1000));
    expect(JSON.parse(payload).timestamp).toBe('2031-01-01T00:00:00.000Z');
  });

  it('rejects when there is no receiver', async () => {
    const { portone } = await openEmulator();
    const { url } = await openReceiver();
    for (const server of servers.splice(0)) server.close();
    await expect(
      portone.sendWebhook(url, { type: 'Transaction.Paid' }),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('needs a secret in base64: the emulator does not start with another one', async () => {
    await expect(
      PortOneEmulator.start({ webhookSecret: 'whsec_!' }),
    ).rejects.toThrow('webhookSecret: must be `whsec_` followed by base64');
  });
});
