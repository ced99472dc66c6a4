import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, HttpCode, Post } from '@nestjs/common';
import {
  PortOneWebhook,
  WebhookEvent,
  WebhookId,
  type PortOneWebhookEvent,
} from '../../../lib/webhook/index.js';
import { newSecret, PAID, signed } from './signed.js';
import { closeWebhookApps, openWebhookApp, platforms } from './webhook-app.js';

const MINUTE_MS = 60_000;
const secret = newSecret();
const oldSecret = newSecret();

@Controller()
class Shop {
  @Post('webhook')
  @HttpCode(200)
  @PortOneWebhook({ secret: [secret, oldSecret] })
  paid(@WebhookEvent() event: PortOneWebhookEvent, @WebhookId() id: string) {
    return { event, id };
  }

  @Post('open')
  @HttpCode(200)
  other() {
    return { open: true };
  }

  @Post('unguarded')
  forgotten(@WebhookEvent() event: PortOneWebhookEvent) {
    return event;
  }
}

describe.each(platforms)('A webhook route on %s', (platform) => {
  afterEach(closeWebhookApps);
  const openShop = () => openWebhookApp({ platform, controllers: [Shop] });

  it.each([
    ['version 2024-04-25', PAID],
    [
      'version 2024-01-01',
      '{"payment_id":"payment-1","tx_id":"tx-1","status":"Paid"}',
    ],
    ['an unknown type with Korean text', '{"type":"결제","n":1.0}'],
  ])('gives its handler a signed event: %s', async (_, body) => {
    const { sendSigned } = await openShop();
    const answer = await sendSigned('/webhook', secret, body);
    expect(answer).toEqual({
      status: 200,
      body: { event: JSON.parse(body), id: 'msg_1' },
    });
  });

  it('accepts each of its secrets', async () => {
    const { sendSigned } = await openShop();
    expect((await sendSigned('/webhook', oldSecret)).status).toBe(200);
  });

  it('accepts a request with two signatures when one of them is valid', async () => {
    const { send } = await openShop();
    const headers = signed(secret, PAID);
    const two = `v1,${Buffer.alloc(32).toString('base64')} ${headers['webhook-signature']}`;
    const answer = await send('/webhook', {
      ...headers,
      'webhook-signature': two,
    });
    expect(answer.status).toBe(200);
  });

  it('accepts a webhook that was signed four minutes ago', async () => {
    const { send } = await openShop();
    const at = Date.now() - 4 * MINUTE_MS;
    expect((await send('/webhook', signed(secret, PAID, { at }))).status).toBe(
      200,
    );
  });

  const forged: [string, string, () => Record<string, string>, string][] = [
    [
      'without a signature',
      'PORTONE_WEBHOOK_HEADERS_MISSING',
      () => ({ 'content-type': 'application/json' }),
      PAID,
    ],
    [
      'without an id',
      'PORTONE_WEBHOOK_HEADERS_MISSING',
      () => {
        const { 'webhook-id': _, ...headers } = signed(secret, PAID);
        return headers;
      },
      PAID,
    ],
    [
      'signed six minutes ago',
      'PORTONE_WEBHOOK_TOO_OLD',
      () => signed(secret, PAID, { at: Date.now() - 6 * MINUTE_MS }),
      PAID,
    ],
    [
      'signed six minutes in the future',
      'PORTONE_WEBHOOK_TOO_NEW',
      () => signed(secret, PAID, { at: Date.now() + 6 * MINUTE_MS }),
      PAID,
    ],
    [
      'signed with an unknown secret',
      'PORTONE_WEBHOOK_SIGNATURE_INVALID',
      () => signed(newSecret(), PAID),
      PAID,
    ],
    [
      'with another id than the signed one',
      'PORTONE_WEBHOOK_SIGNATURE_INVALID',
      () => ({ ...signed(secret, PAID), 'webhook-id': 'msg_2' }),
      PAID,
    ],
    [
      'with an asymmetric signature version',
      'PORTONE_WEBHOOK_SIGNATURE_INVALID',
      () => {
        const headers = signed(secret, PAID);
        const signature = headers['webhook-signature'] ?? '';
        return {
          ...headers,
          'webhook-signature': signature.replace('v1,', 'v1a,'),
        };
      },
      PAID,
    ],
    [
      'with a body that was serialised again',
      'PORTONE_WEBHOOK_SIGNATURE_INVALID',
      () => signed(secret, PAID),
      JSON.stringify(JSON.parse(PAID), null, 2),
    ],
  ];

  it.each(forged)(
    'denies a request %s with 401 and %s',
    async (_, code, headers, body) => {
      const { send, logs } = await openShop();
      const answer = await send('/webhook', headers(), body);
      expect(answer).toMatchObject({
        status: 401,
        body: { statusCode: 401, code },
      });
      expect(logs.saying('webhook was denied')).toEqual([]);
    },
  );

  it('denies an empty body', async () => {
    const { send } = await openShop();
    const answer = await send('/webhook', signed(secret, PAID), '');
    expect([400, 401]).toContain(answer.status);
  });

  it('answers 413 to a body over the limit of the body parser', async () => {
    const { sendSigned } = await openShop();
    const body = JSON.stringify({ type: 'x', pad: 'x'.repeat(2 ** 21) });
    expect((await sendSigned('/webhook', secret, body)).status).toBe(413);
  });

  it('does not guard the other routes of its controller', async () => {
    const { send } = await openShop();
    expect(await send('/open', {})).toEqual({
      status: 200,
      body: { open: true },
    });
  });

  it('answers 500 when a handler asks for the event without @PortOneWebhook', async () => {
    const { sendSigned } = await openShop();
    expect(await sendSigned('/unguarded', secret)).toMatchObject({
      status: 500,
      body: { code: 'PORTONE_WEBHOOK_NOT_GUARDED' },
    });
  });

  it('never shows a secret or a body in an answer or a log line', async () => {
    const { send, logs } = await openShop();
    const texts = [];
    for (const [, , headers, body] of forged)
      texts.push(JSON.stringify(await send('/webhook', headers(), body)));
    const output = [...texts, ...logs.lines.map(({ text }) => text)].join('\n');
    for (const hidden of [secret, secret.slice(6), oldSecret, 'payment-1'])
      expect(output).not.toContain(hidden);
  });
});
