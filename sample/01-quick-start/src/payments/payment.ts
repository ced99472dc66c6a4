/** What the shop shows of a payment. PortOne's answer also names the customer, and the caller must not see that. */
export interface Payment {
  readonly id: string;
  readonly status: string;
  readonly currency: string;
  /** In the currency's smallest unit. */
  readonly total: number;
}

/** What the shop shows of a cancellation. The money is returned with SUCCEEDED only; REQUESTED is still under way. */
export interface Cancellation {
  readonly id: string;
  readonly status: string;
  /** In the currency's smallest unit. */
  readonly totalAmount: number;
}
