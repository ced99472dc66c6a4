import { randomUUID } from 'node:crypto';
import { parseObject, refuse, type Answer } from './answer.js';

/** The part of a payment that tests look at; the emulator sends every field PortOne requires of a PaidPayment. */
export interface EmulatedPayment {
  status: 'PAID' | 'PARTIAL_CANCELLED' | 'CANCELLED';
  id: string;
  orderName: string;
  currency: string;
  /** In the currency's smallest unit. */
  amount: { total: number; paid: number; cancelled: number } & Record<
    string,
    number
  >;
  cancellations?: Record<string, unknown>[];
  [field: string]: unknown;
}

/** A payment to add: its id, and whatever should differ from a paid order of 10,000 KRW. */
export interface NewPayment {
  id: string;
  /** The amount paid, in the currency's smallest unit. Default 10000. */
  total?: number;
  /** Default `Emulated order <id>`. */
  orderName?: string;
  /** Default `KRW`. */
  currency?: string;
  /** Any further field of a payment, sent as it is. */
  [field: string]: unknown;
}

/** The payments of one store, and the three endpoints that show and cancel them. */
export class Payments {
  readonly #payments = new Map<string, EmulatedPayment>();

  constructor(
    private readonly owner: {
      merchantId: string;
      storeId: string;
      now: () => number;
    },
  ) {}

  add({ total = 10_000, ...fields }: NewPayment): EmulatedPayment {
    const at = this.#timestamp();
    const { merchantId, storeId } = this.owner;
    const vat = Math.round(total / 11);
    const payment: EmulatedPayment = {
      status: 'PAID',
      transactionId: randomUUID(),
      merchantId,
      storeId,
      method: { type: 'PaymentMethodCard', card: { name: 'Emulated card' } },
      channel: {
        type: 'TEST',
        id: 'channel-id-emulator',
        key: 'channel-key-emulator',
        name: 'emulator',
        pgProvider: 'TOSSPAYMENTS',
        pgMerchantId: 'emulator',
      },
      version: 'V2',
      requestedAt: at,
      updatedAt: at,
      statusChangedAt: at,
      orderName: `Emulated order ${fields.id}`,
      amount: {
        total,
        taxFree: 0,
        vat,
        supply: total - vat,
        discount: 0,
        paid: total,
        cancelled: 0,
        cancelledTaxFree: 0,
      },
      currency: 'KRW',
      customer: { id: 'customer-emulator', name: '홍길동' },
      origin: { platformType: 'PC', url: 'http://127.0.0.1/' },
      paidAt: at,
      disputes: [],
      ...fields,
    };
    this.#payments.set(payment.id, payment);
    return payment;
  }

  get(id: string): Answer {
    const payment = this.#payments.get(id);
    return payment ? { status: 200, body: payment } : notFound();
  }

  /** Newest last; `requestBody` is the query parameter of that name, JSON with `page: { number, size }`. */
  list(requestBody: string | null): Answer {
    const page = parseObject(requestBody ?? '{}')?.['page'] as
      { number?: number; size?: number } | undefined;
    const { number = 0, size = 10 } = page ?? {};
    const all = [...this.#payments.values()];
    const items = all.slice(number * size, (number + 1) * size);
    const body = { items, page: { number, size, totalCount: all.length } };
    return { status: 200, body };
  }

  cancel(id: string, requestBody: string): Answer {
    const request = parseObject(requestBody);
    const reason = request?.['reason'];
    if (typeof reason !== 'string' || reason === '') {
      return refuse(400, 'INVALID_REQUEST', '`reason` is required.');
    }
    const payment = this.#payments.get(id);
    if (!payment) return notFound();
    if (payment.status === 'CANCELLED') {
      return refuse(409, 'PAYMENT_ALREADY_CANCELLED', 'Already cancelled.');
    }
    const left = payment.amount.paid;
    const totalAmount = request?.['amount'] ?? left;
    if (!Number.isInteger(totalAmount) || (totalAmount as number) <= 0) {
      return refuse(400, 'INVALID_REQUEST', '`amount` must be positive.');
    }
    if ((totalAmount as number) > left) {
      return refuse(
        409,
        'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT',
        `Only ${left} can be cancelled.`,
      );
    }
    return this.#cancel(payment, totalAmount as number, reason);
  }

  #cancel(payment: EmulatedPayment, total: number, reason: string): Answer {
    const at = this.#timestamp();
    const cancellation = {
      status: 'SUCCEEDED',
      id: randomUUID(),
      totalAmount: total,
      taxFreeAmount: 0,
      vatAmount: Math.round(total / 11),
      reason,
      cancelledAt: at,
      requestedAt: at,
    };
    const paid = payment.amount.paid - total;
    const cancelled = payment.amount.cancelled + total;
    this.#payments.set(payment.id, {
      ...payment,
      status: paid === 0 ? 'CANCELLED' : 'PARTIAL_CANCELLED',
      amount: { ...payment.amount, paid, cancelled },
      cancellations: [...(payment.cancellations ?? []), cancellation],
      cancelledAt: at,
      updatedAt: at,
      statusChangedAt: at,
    });
    return { status: 200, body: { cancellation } };
  }

  #timestamp(): string {
    return new Date(this.owner.now()).toISOString();
  }
}

const notFound = (): Answer =>
  refuse(404, 'PAYMENT_NOT_FOUND', 'There is no such payment.');
