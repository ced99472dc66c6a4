import { ok, errorAnswer, type Answer } from '../answer.js';
import { cancelPayment, type CancelRequest } from './cancel-payment.js';
import { listPayments, type ListRequest } from './list-payments.js';
import { makePayment, type Store } from './make-payment.js';
import type { EmulatedPayment, NewPayment } from './payment.js';

/** The payments of one store, with the answers of the three operations that read and cancel them. */
export class Payments {
  readonly #payments = new Map<string, EmulatedPayment>();

  constructor(readonly store: Store) {}

  /** Adds a payment and gives a copy of it. */
  add(given: NewPayment): EmulatedPayment {
    const payment = makePayment(given, this.store);
    this.#payments.set(payment.id, payment);
    return structuredClone(payment);
  }

  /** The payment itself, not a copy: only for the emulator. */
  find(id: unknown): EmulatedPayment | undefined {
    return typeof id === 'string' ? this.#payments.get(id) : undefined;
  }

  get(id: string): Answer {
    const payment = this.#payments.get(id);
    return payment ? ok(payment) : notFound();
  }

  list(request: ListRequest): Answer {
    return ok(
      listPayments([...this.#payments.values()], request, this.store.now()),
    );
  }

  cancel(id: string, request: CancelRequest): Answer {
    const payment = this.#payments.get(id);
    if (!payment) return notFound();
    const at = new Date(this.store.now()).toISOString();
    const result = cancelPayment(payment, request, at);
    if ('failure' in result) return result.failure;
    this.#payments.set(id, result.payment);
    return ok({ cancellation: result.cancellation });
  }
}

const notFound = (): Answer =>
  errorAnswer(404, 'PAYMENT_NOT_FOUND', 'There is no such payment.');
