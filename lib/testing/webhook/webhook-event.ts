/** A webhook body of version 2024-04-25. What is left out is filled in. */
export interface WebhookEvent {
  /** Such as `Transaction.Paid` or `BillingKey.Issued`. */
  readonly type: string;
  /** RFC 3339. Default: now, by the emulator's clock. */
  readonly timestamp?: string;
  /** `storeId` is the emulator's by default, `transactionId` that of the payment that `paymentId` names. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A webhook body of version 2024-01-01. What is left out is filled in. */
export interface LegacyWebhookEvent {
  /** The id of the payment. */
  readonly payment_id: string;
  /** Default: that of the payment. */
  readonly tx_id?: string;
  /** Such as `Paid` or `Cancelled`. */
  readonly status: string;
}

/** How a webhook is sent. Forged, old and repeated ones are for tests of a receiver. */
export interface WebhookOptions {
  /** `webhook-id`, the same for each delivery of one event. Default: a new one. */
  readonly id?: string;
  /** `webhook-timestamp`. Default: now, by the emulator's clock. */
  readonly timestamp?: Date;
  /** The secret that signs. Default: `portone.webhookSecret`. */
  readonly secret?: string;
}

/** The request that was sent, and the answer of the receiver. */
export interface WebhookDelivery {
  /** The `webhook-id` that was sent. */
  readonly id: string;
  /** The body that was signed. */
  readonly payload: string;
  /** The headers that were sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** The HTTP status of the answer. */
  readonly status: number;
  /** The body of the answer, in UTF-8. */
  readonly body: string;
}
