import { randomUUID } from 'node:crypto';
import { invalid, errorAnswer, type Answer } from '../answer.js';
import { cancellable, vatOf } from './amount.js';
import type { Cancellation, EmulatedPayment } from './payment.js';

/** The fields of a cancellation's body that the emulator uses. */
export interface CancelRequest {
  readonly reason: string;
  readonly storeId?: string;
  /** Default: everything that can still be cancelled. */
  readonly amount?: number;
  readonly taxFreeAmount?: number;
  readonly vatAmount?: number;
  /** How much the caller thinks can still be cancelled. When that is wrong, nothing is cancelled. */
  readonly currentCancellableAmount?: number;
}

interface Cancelled {
  readonly payment: EmulatedPayment;
  readonly cancellation: Cancellation;
}

const conflict = (type: string, message: string) => ({
  failure: errorAnswer(409, type, message),
});

/** Cancels a payment or a part of it. Gives the changed payment, or the documented error. */
export function cancelPayment(
  payment: EmulatedPayment,
  request: CancelRequest,
  at: string,
): Cancelled | { failure: Answer } {
  const wrong = wrongNumber(request);
  if (wrong) return { failure: wrong };
  if (payment.status === 'CANCELLED')
    return conflict(
      'PAYMENT_ALREADY_CANCELLED',
      'The payment is already cancelled.',
    );
  if (payment.status !== 'PAID' && payment.status !== 'PARTIAL_CANCELLED')
    return conflict(
      'PAYMENT_NOT_PAID',
      `A payment that is ${payment.status} cannot be cancelled.`,
    );
  const left = cancellable(payment);
  const parts = partsOf(request, left);
  const { taxFreeAmount, vatAmount } = parts;
  if ((request.currentCancellableAmount ?? left.total) !== left.total)
    return conflict(
      'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN',
      `currentCancellableAmount is not ${left.total}.`,
    );
  if (parts.totalAmount > left.total)
    return conflict(
      'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT',
      `Only ${left.total} can be cancelled.`,
    );
  if (taxFreeAmount + vatAmount > parts.totalAmount)
    return conflict(
      'SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT',
      'taxFreeAmount and vatAmount are more than amount.',
    );
  if (taxFreeAmount > left.taxFree)
    return conflict(
      'CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT',
      `Only ${left.taxFree} tax-free can be cancelled.`,
    );
  if (vatAmount > left.vat)
    return conflict(
      'CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT',
      `Only ${left.vat} of VAT can be cancelled.`,
    );
  return settle(payment, {
    status: 'SUCCEEDED',
    id: randomUUID(),
    ...parts,
    reason: request.reason,
    cancelledAt: at,
    requestedAt: at,
    trigger: 'API',
  });
}

function wrongNumber(request: CancelRequest): Answer | undefined {
  if (request.reason === '') return invalid('reason must not be empty');
  if (request.amount !== undefined && request.amount <= 0)
    return invalid('amount must be more than 0');
  const negative = (
    ['taxFreeAmount', 'vatAmount', 'currentCancellableAmount'] as const
  ).find((name) => (request[name] ?? 0) < 0);
  return negative && invalid(`${negative} must not be negative`);
}

/** How much of each part is cancelled. Unless the request says it, the taxable part is cancelled first. */
function partsOf(
  { amount, taxFreeAmount, vatAmount }: CancelRequest,
  left: ReturnType<typeof cancellable>,
) {
  const totalAmount = amount ?? left.total;
  const isAll = totalAmount === left.total;
  // When no taxable part is left, the rest is tax-free.
  const untaxed = Math.max(0, totalAmount - (left.total - left.taxFree));
  const taxFree =
    taxFreeAmount ?? (isAll ? left.taxFree : Math.min(untaxed, left.taxFree));
  const taxable = Math.max(0, totalAmount - taxFree);
  const usual = Math.min(left.vat, isAll ? taxable : vatOf(taxable));
  return { totalAmount, taxFreeAmount: taxFree, vatAmount: vatAmount ?? usual };
}

function settle(
  payment: EmulatedPayment,
  cancellation: Cancellation & { cancelledAt: string },
): Cancelled {
  // PortOne sends these two fields only while the status is PAID.
  const { disputes: _, pgResponse: __, ...kept } = payment;
  const { amount, cancellations = [] } = payment;
  const paid = amount.paid - cancellation.totalAmount;
  const at = cancellation.cancelledAt;
  return {
    cancellation,
    payment: {
      ...(kept as EmulatedPayment),
      status: paid === 0 ? 'CANCELLED' : 'PARTIAL_CANCELLED',
      amount: {
        ...amount,
        paid,
        cancelled: amount.cancelled + cancellation.totalAmount,
        cancelledTaxFree: amount.cancelledTaxFree + cancellation.taxFreeAmount,
      },
      cancellations: [...cancellations, cancellation],
      cancelledAt: at,
      updatedAt: at,
      statusChangedAt: at,
    },
  };
}
