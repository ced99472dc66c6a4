/** Amounts of a payment, in the currency's smallest unit. */
export interface PaymentAmount {
  /** The amount of the order. */
  total: number;
  /** The part of `total` without tax. */
  taxFree: number;
  /** The value-added tax in `total`. */
  vat?: number;
  /** `total` without tax-free part and tax. */
  supply?: number;
  /** What was taken off. */
  discount: number;
  /** What was paid and is not cancelled. */
  paid: number;
  /** What was cancelled. */
  cancelled: number;
  /** The tax-free part of what was cancelled. */
  cancelledTaxFree: number;
}

/** Every status that PortOne documents for a payment. */
export type PaymentStatus =
  | 'READY'
  | 'PAY_PENDING'
  | 'VIRTUAL_ACCOUNT_ISSUED'
  | 'PAID'
  | 'FAILED'
  | 'PARTIAL_CANCELLED'
  | 'CANCELLED';

/** One cancellation of a payment. */
export interface Cancellation {
  /** Only `SUCCEEDED` is money returned. */
  status: 'REQUESTED' | 'SUCCEEDED' | 'FAILED';
  /** Made by the emulator. */
  id: string;
  /** In the currency's smallest unit, as the parts below. */
  totalAmount: number;
  /** The part without tax. */
  taxFreeAmount: number;
  /** The value-added tax in it. */
  vatAmount: number;
  /** As the request gave it. */
  reason: string;
  /** RFC 3339, by the emulator's clock. */
  requestedAt: string;
  [field: string]: unknown;
}

/** The part of a payment that tests look at; the emulator sends every field that PortOne requires for its status. */
export interface EmulatedPayment {
  /** The status of the payment. */
  status: PaymentStatus;
  /** The `paymentId` of paths. */
  id: string;
  /** The name of the order. */
  orderName: string;
  /** Such as `KRW`. */
  currency: string;
  /** In the currency's smallest unit. */
  amount: PaymentAmount;
  /** Oldest first. Missing where PortOne sends none. */
  cancellations?: Cancellation[];
  [field: string]: unknown;
}

/** A payment to add: its id, and what differs from a paid order of 10,000 KRW. */
export interface NewPayment {
  /** The `paymentId` of paths. A payment of the same id is replaced. */
  id: string;
  /** Default `PAID`. */
  status?: PaymentStatus;
  /** The amount of the order, in the currency's smallest unit: a whole number. Default 10000. */
  total?: number;
  /** Parts of the amount, instead of what follows from `total` and the status. */
  amount?: Partial<PaymentAmount>;
  /** Default `Emulated order <id>`. */
  orderName?: string;
  /** One of PortOne's currencies. Default `KRW`. */
  currency?: string;
  /** Any further field that PortOne documents for a payment of this status. `undefined` leaves an optional one out. */
  [field: string]: unknown;
}
