import { createHmac, randomBytes } from 'node:crypto';

export const newSecret = (): string =>
  `whsec_${randomBytes(32).toString('base64')}`;

/** The headers of a webhook as PortOne signs it (Standard Webhooks). */
export function signed(
  secret: string,
  body: string,
  { id = 'msg_1', at = Date.now() }: { id?: string; at?: number } = {},
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key)
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

export const PAID = JSON.stringify({
  type: 'Transaction.Paid',
  timestamp: '2026-11-29T00:00:00.000Z',
  data: {
    storeId: 'store-1',
    paymentId: 'payment-1',
    transactionId: 'transaction-1',
  },
});
