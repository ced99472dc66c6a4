import type { Webhook } from '@portone/server-sdk/webhook';

/** The body of a webhook of version 2024-01-01. It has no `type`, and its names are written with underscores. */
export interface PortOneWebhook20240101 {
  /** The id that your app gave the payment. */
  readonly payment_id: string;
  /** The id that PortOne gave this attempt to pay. */
  readonly tx_id: string;
  /** Missing in a confirm webhook. */
  readonly status?: string;
  /** In a confirm webhook only: the amount that PortOne is about to charge. */
  readonly total_amount?: number;
}

/**
 * A webhook of PortOne, in the version that is set in the console: 2024-04-25 (typed by PortOne's SDK) or 2024-01-01. Only
 * version 2024-04-25 has a `type`: `'type' in event`. PortOne may add event types, so a handler must accept an unknown one.
 */
export type PortOneWebhookEvent = Webhook | PortOneWebhook20240101;
