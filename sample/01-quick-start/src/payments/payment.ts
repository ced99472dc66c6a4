/** What the shop shows of a payment. PortOne's answer also names the customer: not everything in it is the caller's. */
export interface Payment {
  readonly id: string;
  readonly status: string;
  readonly currency: string;
  /** In the currency's smallest unit. */
  readonly total: number;
}

/** What the shop shows of a cancellation. Only SUCCEEDED is money returned; REQUESTED is still on its way. */
export interface Cancellation {
  readonly id: string;
  readonly status: string;
  /** In the currency's smallest unit. */
  readonly totalAmount: number;
}
