import type { ConfigurationProblem } from '../../../errors/auth-configuration.error.js';
import type {
  EmulatedPayment,
  PaymentAmount,
  PaymentStatus,
} from './payment.js';

/** The VAT contained in a taxable amount: 1/11, because the Korean rate is 10 %. */
export const vatOf = (amount: number): number => Math.round(amount / 11);

/** All amounts of a payment. An amount that was not given is computed from the others and the status. */
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

/** How much of a payment can still be cancelled: in total, tax-free, and VAT. */
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

/** One problem for each amount that a payment of this status cannot have. */
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
  demand(
    paid + cancelled <= total - discount,
    'paid',
    'and cancelled must not add up to more than total minus discount',
  );
  demand(
    cancelledTaxFree <= Math.min(taxFree, cancelled),
    'cancelledTaxFree',
    'must not be more than taxFree or cancelled',
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
