import type { Webhook } from '@portone/server-sdk/webhook';

/** The body of version 2024-01-01: no `type`, names with an underscore. */
export interface PortOneWebhook20240101 {
  /** The id of the payment, as your app gave it. */
  readonly payment_id: string;
  /** The id of PortOne's for this attempt to pay. */
  readonly tx_id: string;
  /** Left out in a confirm webhook. */
  readonly status?: string;
  /** In a confirm webhook only: the amount that PortOne is about to charge. */
  readonly total_amount?: number;
}

/**
 * What PortOne sends: version 2024-04-25, typed by the vendor's SDK, or 2024-01-01, as the console is set.
 * `'type' in event` tells them apart. PortOne adds types of events: a handler must accept one that it does not know.
 */
export type PortOneWebhookEvent = Webhook | PortOneWebhook20240101;
