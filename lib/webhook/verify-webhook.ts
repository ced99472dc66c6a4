import type * as vendor from '@portone/server-sdk/webhook';
import type { PortOneWebhookEvent } from './webhook-event.js';
import {
  WebhookDeniedException,
  type WebhookDenialCode,
} from './webhook-denied.exception.js';

/** The parts of a request that the verification reads. */
export interface SignedRequest {
  readonly headers: Record<string, string | string[] | undefined>;
  readonly rawBody?: Buffer;
}

const SIGNATURE = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];

/**
 * Whether a signed request has a body, but the app did not keep its raw bytes. A request without signature headers is denied
 * without them.
 */
export const isRawBodyMissing = ({
  headers,
  rawBody,
}: SignedRequest): boolean =>
  !Buffer.isBuffer(rawBody) &&
  SIGNATURE.every((name) => headers[name]) &&
  (headers['transfer-encoding'] !== undefined ||
    Number(headers['content-length'] ?? 0) > 0);

/** PortOne's own `verify`, from its SDK. */
export type Verify = typeof vendor.verify;

const CODES: Readonly<Record<string, WebhookDenialCode>> = {
  MISSING_REQUIRED_HEADERS: 'PORTONE_WEBHOOK_HEADERS_MISSING',
  TIMESTAMP_TOO_OLD: 'PORTONE_WEBHOOK_TOO_OLD',
  TIMESTAMP_TOO_NEW: 'PORTONE_WEBHOOK_TOO_NEW',
};

/**
 * Verifies the raw body of a request with each secret, and gives the event if one of the secrets has signed it.
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

/** Reads the property `reason` and does not use `instanceof`, because the error may come from a second copy of the SDK. */
function codeOf(error: unknown): WebhookDenialCode {
  const reason =
    error instanceof Error && 'reason' in error ? String(error.reason) : '';
  return Object.hasOwn(CODES, reason)
    ? (CODES[reason] as WebhookDenialCode)
    : 'PORTONE_WEBHOOK_SIGNATURE_INVALID';
}
