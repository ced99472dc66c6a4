import { randomUUID } from 'node:crypto';
import { Agent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Payments } from '../api/payments/payments.js';
import { signWebhook } from './sign-webhook.js';
import type {
  LegacyWebhookEvent,
  WebhookDelivery,
  WebhookEvent,
  WebhookOptions,
} from './webhook-event.js';

/** Sends webhooks as PortOne does. */
export class Webhooks {
  constructor(
    private readonly payments: Payments,
    readonly secret: string,
  ) {}

  async send(
    url: string,
    event: WebhookEvent | LegacyWebhookEvent,
    options: WebhookOptions = {},
  ): Promise<WebhookDelivery> {
    const now = new Date(this.payments.store.now());
    const { id = `whk_${randomUUID()}`, timestamp = now } = options;
    const payload = JSON.stringify(
      'type' in event
        ? this.#complete(event, now)
        : this.#completeLegacy(event),
    );
    const headers = {
      'content-type': 'application/json',
      ...signWebhook(options.secret ?? this.secret, id, timestamp, payload),
    };
    return { id, payload, headers, ...(await post(url, headers, payload)) };
  }

  #complete({ type, timestamp, data = {}, ...rest }: WebhookEvent, now: Date) {
    const payment = this.payments.find(data['paymentId']);
    return {
      type,
      timestamp: timestamp ?? now.toISOString(),
      data: {
        storeId: this.payments.store.storeId,
        ...(payment && { transactionId: payment['transactionId'] }),
        ...data,
      },
      ...rest,
    };
  }

  #completeLegacy({ tx_id, ...event }: LegacyWebhookEvent) {
    const payment = this.payments.find(event.payment_id);
    return { tx_id: tx_id ?? payment?.['transactionId'], ...event };
  }
}

/** Uses node:http with its own agent, because fetch may use a proxy of the environment. */
async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  payload: string,
): Promise<{ status: number; body: string }> {
  const isTls = new URL(url).protocol === 'https:';
  const request = isTls
    ? tlsRequest(url, { method: 'POST', headers, agent: new TlsAgent() })
    : plainRequest(url, { method: 'POST', headers, agent: new Agent() });
  request.end(payload);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}
