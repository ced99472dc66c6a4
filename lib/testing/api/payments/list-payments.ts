import { invalid, type Answer } from '../answer.js';
import { matchesFilter, type Filter } from './payment-filter.js';
import type { EmulatedPayment } from './payment.js';

/** The body of the list operation, in the documented shape. */
export interface ListRequest {
  readonly page?: { readonly number?: number; readonly size?: number };
  readonly filter?: Filter;
}

/** One page of the payments that match a filter: oldest first, unless the filter has `sortBy`. */
export function listPayments(
  all: readonly EmulatedPayment[],
  { page = {}, filter = {} }: ListRequest,
  now: number,
): object {
  const { number = 0, size = 10 } = page;
  const found = sorted(
    all.filter((payment) => matchesFilter(payment, filter, now)),
    filter,
  );
  return {
    items: found.slice(number * size, (number + 1) * size),
    page: { number, size, totalCount: found.length },
  };
}

/** The 400 for an impossible page number or size; undefined for a good page. */
export function wrongPage({ number = 0, size = 10 }: ListRequest['page'] = {}):
  Answer | undefined {
  if (number < 0) return invalid('page.number must not be negative');
  return size < 1 ? invalid('page.size must be at least 1') : undefined;
}

function sorted(
  payments: EmulatedPayment[],
  { sortBy, sortOrder = 'DESC' }: Filter,
): EmulatedPayment[] {
  if (sortBy === undefined) return payments;
  const field = sortBy === 'REQUESTED_AT' ? 'requestedAt' : 'statusChangedAt';
  const time = (payment: EmulatedPayment) =>
    Date.parse(payment[field] as string);
  const direction = sortOrder === 'ASC' ? 1 : -1;
  return payments.sort((a, b) => direction * (time(a) - time(b)));
}
