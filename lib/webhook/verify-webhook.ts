import type * as vendor from '@portone/server-sdk/webhook';
import type { PortOneWebhookEvent } from './webhook-event.js';
import {
  WebhookDeniedException,
  type WebhookDenialCode,
} from './webhook-denied.exception.js';

/** As much of a request as the signature covers. */
export interface SignedRequest {
  readonly headers: Record<string, string | string[] | undefined>;
  readonly rawBody?: Buffer;
}

const SIGNATURE = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];

/**
 * Whether the app has lost the bytes that the signature covers. A request without a body has none to lose, and a request
 * without a signature needs none to be refused.
 */
export const isBodyLost = ({ headers, rawBody }: SignedRequest): boolean =>
  !Buffer.isBuffer(rawBody) &&
  SIGNATURE.every((name) => headers[name]) &&
  (headers['transfer-encoding'] !== undefined ||
    Number(headers['content-length'] ?? 0) > 0);

/** The vendor's verification; loaded with the first guarded route, as only this subpath needs the SDK. */
export type Verify = typeof vendor.verify;

const CODES: Readonly<Record<string, WebhookDenialCode>> = {
  MISSING_REQUIRED_HEADERS: 'PORTONE_WEBHOOK_HEADERS_MISSING',
  TIMESTAMP_TOO_OLD: 'PORTONE_WEBHOOK_TOO_OLD',
  TIMESTAMP_TOO_NEW: 'PORTONE_WEBHOOK_TOO_NEW',
};

/**
 * The event of a request that one of the secrets has signed, by the bytes that were sent.
 *
 * @throws WebhookDeniedException for any other request
 */
export async function verifyWebhook(
  verify: Verify,
  secrets: readonly string[],
  { headers, rawBody }: SignedRequest,
): Promise<PortOneWebhookEvent> {
  const body = rawBody?.toString('utf8') ?? '';
  let code: WebhookDenialCode = 'PORTONE_WEBHOOK_SIGNATURE_INVALID';
  for (const secret of secrets) {
    try {
      return await verify(secret, body, headers);
    } catch (error) {
      code = codeOf(error);
    }
  }
  throw new WebhookDeniedException(code);
}

/** By name: the class may come from a second copy of the SDK. */
function codeOf(error: unknown): WebhookDenialCode {
  const reason =
    error instanceof Error && 'reason' in error ? String(error.reason) : '';
  return Object.hasOwn(CODES, reason)
    ? (CODES[reason] as WebhookDenialCode)
    : 'PORTONE_WEBHOOK_SIGNATURE_INVALID';
}
