import { forbidden, type Answer } from '../answer.js';
import { queryOrBody, readBody } from '../api-request.js';
import type { Operation } from '../operations.js';
import { PathPattern } from '../path-pattern.js';
import type { CancelRequest } from './cancel-payment.js';
import { wrongPage, type ListRequest } from './list-payments.js';
import type { Payments } from './payments.js';

/** The built-in operations of the emulator. */
export const paymentOperations = (payments: Payments): Operation[] => [
  {
    method: 'GET',
    pattern: new PathPattern('/payments'),
    permission: 'TX_READ',
    answer: (request) => {
      const text = queryOrBody(request);
      if (typeof text !== 'string') return text;
      const read = readBody<ListRequest>(text, 'ListRequest');
      if ('failure' in read) return read.failure;
      const { page, filter } = read.body;
      return (
        wrongPage(page) ??
        foreign(payments, [filter?.storeId], filter?.merchantId) ??
        payments.list(read.body)
      );
    },
  },
  {
    method: 'GET',
    pattern: new PathPattern('/payments/:paymentId'),
    permission: 'TX_READ',
    answer: ({ params, query }) =>
      foreign(payments, query.getAll('storeId')) ??
      payments.get(params['paymentId'] ?? ''),
  },
  {
    method: 'POST',
    pattern: new PathPattern('/payments/:paymentId/cancel'),
    permission: 'TX_UPDATE',
    answer: ({ params, body }) => {
      const read = readBody<CancelRequest>(body.toString(), 'CancelRequest');
      if ('failure' in read) return read.failure;
      return (
        foreign(payments, [read.body.storeId]) ??
        payments.cancel(params['paymentId'] ?? '', read.body)
      );
    },
  },
];

/** The 403 when a request names another store or merchant than the emulator's; undefined otherwise. */
function foreign(
  { store }: Payments,
  storeIds: readonly (string | undefined)[],
  merchantId = store.merchantId,
): Answer | undefined {
  return merchantId === store.merchantId &&
    storeIds.every((id = store.storeId) => id === store.storeId)
    ? undefined
    : forbidden('This API secret has no access to that store or merchant.');
}
