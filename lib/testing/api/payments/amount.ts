import type { ConfigurationProblem } from '../../../errors/auth-configuration.error.js';
import type {
  EmulatedPayment,
  PaymentAmount,
  PaymentStatus,
} from './payment.js';

/** The VAT in a taxable Korean amount: one part in eleven. */
export const vatOf = (amount: number): number => Math.round(amount / 11);

/** The amounts of a payment: what was given, and what follows from that and the status. */
export function makeAmount(
  status: PaymentStatus,
  total = 10_000,
  given: Partial<PaymentAmount> = {},
): PaymentAmount {
  const whole = given.total ?? total;
  const taxFree = given.taxFree ?? 0;
  const vat = given.vat ?? vatOf(whole - taxFree);
  const discount = given.discount ?? 0;
  const charged = whole - discount;
  const cancelled = given.cancelled ?? cancelledOf(status, charged, given.paid);
  return {
    total: whole,
    taxFree,
    vat,
    supply: given.supply ?? whole - taxFree - vat,
    discount,
    paid: given.paid ?? (hasBeenPaid(status) ? charged - cancelled : 0),
    cancelled,
    cancelledTaxFree:
      given.cancelledTaxFree ?? Math.max(0, cancelled - (charged - taxFree)),
  };
}

/** The amount of a payment that can still be cancelled: the total and each part. */
export function cancellable({ amount, cancellations = [] }: EmulatedPayment) {
  const cancelledVat = cancellations
    .filter(({ status }) => status === 'SUCCEEDED')
    .reduce((sum, { vatAmount }) => sum + vatAmount, 0);
  return {
    total: amount.paid,
    taxFree: Math.max(0, amount.taxFree - amount.cancelledTaxFree),
    vat: Math.max(0, (amount.vat ?? 0) - cancelledVat),
  };
}

/** Which amounts a payment of this status cannot have. All of them are whole numbers. */
export function amountProblems(
  status: PaymentStatus,
  amount: PaymentAmount,
): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  const demand = (holds: boolean, part: string, message: string) => {
    if (!holds) problems.push({ field: `amount.${part}`, message });
  };
  for (const [part, value] of Object.entries(amount))
    demand(value >= 0, part, 'must not be negative');
  const { total, taxFree, vat = 0, supply = 0, discount } = amount;
  const { paid, cancelled, cancelledTaxFree } = amount;
  demand(
    taxFree + vat + supply === total,
    'supply',
    'and taxFree and vat must add up to total',
  );
  demand(paid + cancelled <= total - discount, 'paid', 'is more than there is');
  demand(
    cancelledTaxFree <= Math.min(taxFree, cancelled),
    'cancelledTaxFree',
    'is more than there is',
  );
  if (!hasBeenPaid(status)) {
    demand(paid === 0, 'paid', `must be 0 when the status is ${status}`);
    demand(
      cancelled === 0,
      'cancelled',
      `must be 0 when the status is ${status}`,
    );
  }
  if (status === 'PAID')
    demand(cancelled === 0, 'cancelled', 'must be 0 when the status is PAID');
  if (status === 'CANCELLED')
    demand(paid === 0, 'paid', 'must be 0 when the status is CANCELLED');
  if (status === 'PARTIAL_CANCELLED')
    demand(
      paid > 0 && cancelled > 0,
      'cancelled',
      'must be a part of what was paid when the status is PARTIAL_CANCELLED',
    );
  return problems;
}

const hasBeenPaid = (status: PaymentStatus): boolean =>
  status === 'PAID' || status === 'PARTIAL_CANCELLED' || status === 'CANCELLED';

function cancelledOf(
  status: PaymentStatus,
  charged: number,
  paid?: number,
): number {
  if (status === 'CANCELLED') return charged;
  if (status === 'PARTIAL_CANCELLED')
    return charged - (paid ?? Math.ceil(charged / 2));
  return 0;
}
