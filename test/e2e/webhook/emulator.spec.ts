import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, HttpCode, Post } from '@nestjs/common';
import { verify } from '@portone/server-sdk/webhook';
import { PortOneEmulator } from '../../../lib/testing/index.js';
import {
  PortOneWebhook,
  WebhookEvent,
  WebhookId,
  type PortOneWebhookEvent,
} from '../../../lib/webhook/index.js';
import { newSecret } from './signed.js';
import { closeWebhookApps, openWebhookApp, platforms } from './webhook-app.js';

const secret = newSecret();
let portone: PortOneEmulator;
/** The events and ids that the route handler received. */
let handled: { event: PortOneWebhookEvent; id: string }[];

@Controller()
class Routes {
  @Post('webhook')
  @HttpCode(200)
  @PortOneWebhook({ secret })
  handle(@WebhookEvent() event: PortOneWebhookEvent, @WebhookId() id: string) {
    handled.push({ event, id });
  }
}

const MINUTES = 60_000;
const PAID = { type: 'Transaction.Paid', data: { paymentId: 'payment-1' } };
const ago = (ms: number) => () => ({ timestamp: new Date(Date.now() - ms) });
const now = ago(0);

type Sending = Parameters<PortOneEmulator['sendWebhook']>;

describe.each(platforms)(
  "A webhook of the emulator, verified by our guard and by PortOne's SDK (%s)",
  (platform) => {
    let url: string;

    beforeEach(async () => {
      portone = await PortOneEmulator.start({ webhookSecret: secret });
      handled = [];
      const { app } = await openWebhookApp({ platform, controllers: [Routes] });
      url = await app.getUrl();
    });
    afterEach(async () => {
      await closeWebhookApps();
      await portone.stop();
    });

    /** Sends one webhook. Gives the answer of our route, and the result of PortOne's SDK for the same headers and bytes. */
    const send = async (event: Sending[1], options: Sending[2]) => {
      const { id, headers, payload, status, body } = await portone.sendWebhook(
        `${url}/webhook`,
        event,
        options,
      );
      const vendor: unknown = await verify(secret, payload, headers).catch(
        ({ reason }: { reason: string }) => reason,
      );
      return { id, status, body, vendor };
    };

    it.each<[string, Sending[1], () => Sending[2]]>([
      ['of a payment', PAID, now],
      [
        'of another event type',
        { type: 'BillingKey.Issued', data: { billingKey: 'key-1' } },
        now,
      ],
      [
        'of version 2024-01-01',
        { payment_id: 'payment-1', status: 'Paid' },
        now,
      ],
      [
        'with Korean text',
        { type: 'Transaction.Ready', data: { note: '결제 완료' } },
        now,
      ],
      ['signed four minutes ago', PAID, ago(4 * MINUTES)],
      ['signed four minutes in the future', PAID, ago(-4 * MINUTES)],
    ])('is accepted by both: %s', async (_, event, options) => {
      const { id, status, vendor } = await send(event, options());
      expect(status).toBe(200);
      expect(handled).toEqual([{ event: vendor, id }]);
      expect(vendor).toMatchObject(event);
    });

    it.each<[string, () => Sending[2], string, string]>([
      [
        'signed with another secret',
        () => ({ secret: newSecret() }),
        'NO_MATCHING_SIGNATURE',
        'PORTONE_WEBHOOK_SIGNATURE_INVALID',
      ],
      [
        'signed six minutes ago',
        ago(6 * MINUTES),
        'TIMESTAMP_TOO_OLD',
        'PORTONE_WEBHOOK_TOO_OLD',
      ],
      [
        'signed six minutes in the future',
        ago(-6 * MINUTES),
        'TIMESTAMP_TOO_NEW',
        'PORTONE_WEBHOOK_TOO_NEW',
      ],
    ])('is denied by both: %s', async (_, options, reason, code) => {
      const { status, body, vendor } = await send(PAID, options());
      expect(vendor).toBe(reason);
      expect([status, JSON.parse(body)]).toEqual([
        401,
        expect.objectContaining({ code }),
      ]);
      expect(handled).toEqual([]);
    });
  },
);
