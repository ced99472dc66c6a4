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

/** Why a webhook was denied: the stable `code` in the body of the answer. */
export type WebhookDenialCode = keyof typeof DENIALS;

/**
 * Thrown when a webhook is denied. The body is `{ statusCode, code, message }`, with one fixed message for each code. PortOne
 * sends a webhook again until the answer is a success, so no event is lost by a 5xx.
 */
export class WebhookDeniedException extends HttpException {
  /** An app with two copies of @nestjs/common does not recognise the class; its exception layer reads this property instead. */
  readonly statusCode: number;

  /** @param code which check failed; also in the body */
  constructor(readonly code: WebhookDenialCode) {
    const [statusCode, message] = DENIALS[code];
    super({ statusCode, code, message }, statusCode);
    this.statusCode = statusCode;
  }
}
