import { createHmac } from 'node:crypto';
import { AuthConfigurationError } from '../../errors/auth-configuration.error.js';

const PREFIX = 'whsec_';

/** The HMAC key of a webhook secret. Throws AuthConfigurationError when it is not base64. */
export function webhookKey(secret: string): Buffer {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  if (!/^[A-Za-z\d+/]+={0,2}$/.test(text))
    throw new AuthConfigurationError([
      {
        field: 'webhookSecret',
        message: 'must be `whsec_` followed by base64',
      },
    ]);
  return Buffer.from(text, 'base64');
}

/** The three headers of a signed webhook (Standard Webhooks). */
export function signWebhook(
  secret: string,
  id: string,
  at: Date,
  payload: string,
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = createHmac('sha256', webhookKey(secret))
    .update(`${id}.${timestamp}.${payload}`)
    .digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
