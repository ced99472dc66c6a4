/** A webhook body of version 2024-04-25. The emulator fills in fields that are left out. */
export interface WebhookEvent {
  /** Such as `Transaction.Paid` or `BillingKey.Issued`. */
  readonly type: string;
  /** RFC 3339. Default: now, by the emulator's clock. */
  readonly timestamp?: string;
  /** Defaults: `storeId` of the emulator, and `transactionId` of the payment with this `paymentId`. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A webhook body of version 2024-01-01. The emulator fills in `tx_id` when it is left out. */
export interface LegacyWebhookEvent {
  /** The id of the payment. */
  readonly payment_id: string;
  /** Default: the transaction id of the payment. */
  readonly tx_id?: string;
  /** Such as `Paid` or `Cancelled`. */
  readonly status: string;
}

/** Changes how a webhook is sent, to test a receiver with forged, old or repeated webhooks. */
export interface WebhookOptions {
  /** `webhook-id`. PortOne uses the same id when it sends an event again. Default: a new id. */
  readonly id?: string;
  /** `webhook-timestamp`. Default: now, by the emulator's clock. */
  readonly timestamp?: Date;
  /** The secret that signs. Default: `portone.webhookSecret`. */
  readonly secret?: string;
}

/** The webhook that was sent, and the receiver's answer. */
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
