/** What the shop shows of a payment. PortOne's answer also names the customer, which the caller must not see. */
export interface Payment {
  readonly id: string;
  readonly status: string;
  readonly currency: string;
  /** In the currency's smallest unit. */
  readonly total: number;
}

/** What the shop shows of a cancellation. With SUCCEEDED the money has been returned; with REQUESTED not yet. */
export interface Cancellation {
  readonly id: string;
  readonly status: string;
  /** In the currency's smallest unit. */
  readonly totalAmount: number;
}
