/** Amounts of a payment, in the currency's smallest unit. */
export interface PaymentAmount {
  /** The amount of the order. */
  total: number;
  /** The tax-free part of `total`. */
  taxFree: number;
  /** The value-added tax in `total`. */
  vat?: number;
  /** `total` without the tax-free part and the tax. */
  supply?: number;
  /** The discount. */
  discount: number;
  /** The amount that was paid and is not cancelled. */
  paid: number;
  /** The amount that was cancelled. */
  cancelled: number;
  /** The tax-free part of `cancelled`. */
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
  /** Money was returned only when it is `SUCCEEDED`. */
  status: 'REQUESTED' | 'SUCCEEDED' | 'FAILED';
  /** Made by the emulator. */
  id: string;
  /** In the currency's smallest unit, like the parts below. */
  totalAmount: number;
  /** The tax-free part. */
  taxFreeAmount: number;
  /** The value-added tax in it. */
  vatAmount: number;
  /** The reason in the request. */
  reason: string;
  /** RFC 3339, by the emulator's clock. */
  requestedAt: string;
  [field: string]: unknown;
}

/** A payment. Only fields that tests often read have a type here; the emulator sends every field that PortOne requires. */
export interface EmulatedPayment {
  /** The status of the payment. */
  status: PaymentStatus;
  /** The `paymentId` in paths. */
  id: string;
  /** The name of the order. */
  orderName: string;
  /** Such as `KRW`. */
  currency: string;
  /** In the currency's smallest unit. */
  amount: PaymentAmount;
  /** Oldest first. Missing when PortOne sends none. */
  cancellations?: Cancellation[];
  [field: string]: unknown;
}

/** A payment to add: its id, and the fields that differ from a paid order of 10,000 KRW. */
export interface NewPayment {
  /** The `paymentId` in paths. A payment with the same id is replaced. */
  id: string;
  /** Default `PAID`. */
  status?: PaymentStatus;
  /** The amount of the order, in the currency's smallest unit: a whole number. Default 10000. */
  total?: number;
  /** Amounts to use instead of those computed from `total` and the status. */
  amount?: Partial<PaymentAmount>;
  /** Default `Emulated order <id>`. */
  orderName?: string;
  /** One of PortOne's currencies. Default `KRW`. */
  currency?: string;
  /** Any other field that PortOne documents for a payment of this status. `undefined` removes an optional field. */
  [field: string]: unknown;
}
