import { HttpException } from '@nestjs/common';

const DENIALS = {
  PORTONE_WEBHOOK_HEADERS_MISSING: [
    401,
    'A webhook header is missing: webhook-id, webhook-timestamp or webhook-signature.',
  ],
  PORTONE_WEBHOOK_TOO_OLD: [
    401,
    'The webhook was signed more than five minutes ago.',
  ],
  PORTONE_WEBHOOK_TOO_NEW: [
    401,
    'The webhook was signed more than five minutes in the future.',
  ],
  PORTONE_WEBHOOK_SIGNATURE_INVALID: [
    401,
    'The webhook has no valid signature.',
  ],
  PORTONE_WEBHOOK_RAW_BODY_MISSING: [
    500,
    'The webhook cannot be verified on this server.',
  ],
  PORTONE_WEBHOOK_NOT_GUARDED: [
    500,
    'The webhook cannot be verified on this server.',
  ],
  PORTONE_WEBHOOK_SECRET_UNAVAILABLE: [
    503,
    'The webhook cannot be verified at the moment.',
  ],
} as const satisfies Record<string, readonly [status: number, message: string]>;

/** The stable `code` in the body of every refusal of a webhook. */
export type WebhookDenialCode = keyof typeof DENIALS;

/**
 * A webhook that was not let in; the body is `{ statusCode, code, message }` with a fixed text. PortOne sends a webhook
 * again unless the answer is a success, so a 5xx loses nothing.
 */
export class WebhookDeniedException extends HttpException {
  /** Where an app has two copies of @nestjs/common, its exception layer reads this instead of the class. */
  readonly statusCode: number;

  /** @param code in the body too: which check failed */
  constructor(readonly code: WebhookDenialCode) {
    const [statusCode, message] = DENIALS[code];
    super({ statusCode, code, message }, statusCode);
    this.statusCode = statusCode;
  }
}
