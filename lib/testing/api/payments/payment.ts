/** Amounts of a payment, in the currency's smallest unit. */
export interface PaymentAmount {
  total: number;
  taxFree: number;
  vat?: number;
  supply?: number;
  discount: number;
  /** What was paid and is not cancelled. */
  paid: number;
  cancelled: number;
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
  status: 'REQUESTED' | 'SUCCEEDED' | 'FAILED';
  id: string;
  totalAmount: number;
  taxFreeAmount: number;
  vatAmount: number;
  reason: string;
  requestedAt: string;
  [field: string]: unknown;
}

/** The part of a payment that tests look at; the emulator sends every field that PortOne requires for its status. */
export interface EmulatedPayment {
  status: PaymentStatus;
  id: string;
  orderName: string;
  currency: string;
  /** In the currency's smallest unit. */
  amount: PaymentAmount;
  cancellations?: Cancellation[];
  [field: string]: unknown;
}

/** A payment to add: its id, and whatever should differ from a paid order of 10,000 KRW. */
export interface NewPayment {
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
