import { findOperation } from '../../../lib/testing/api/facts/find-operation.js';
import { problemsWith } from '../../../lib/testing/api/facts/check-shape.js';

interface Documented {
  /** The shape of the body of a 200. */
  readonly ok: string;
  /** The error types by status. */
  readonly errors: Readonly<Record<number, readonly string[]>>;
}

const GUARDED = {
  400: ['INVALID_REQUEST'],
  401: ['UNAUTHORIZED'],
  403: ['FORBIDDEN'],
};

/** The answers that PortOne documents (1.16.0) for the emulator's operations. */
export const DOCUMENTED: Readonly<Record<string, Documented>> = {
  'POST /login/api-secret': {
    ok: 'TokenAnswer',
    errors: { 400: ['INVALID_REQUEST'], 401: ['UNAUTHORIZED'] },
  },
  'POST /token/refresh': {
    ok: 'TokenAnswer',
    errors: { 400: ['INVALID_REQUEST'], 401: ['UNAUTHORIZED'] },
  },
  'GET /payments': { ok: 'ListAnswer', errors: GUARDED },
  'GET /payments/{paymentId}': {
    ok: 'Payment',
    errors: { ...GUARDED, 404: ['PAYMENT_NOT_FOUND'] },
  },
  'POST /payments/{paymentId}/cancel': {
    ok: 'CancelAnswer',
    errors: {
      ...GUARDED,
      404: ['PAYMENT_NOT_FOUND'],
      409: [
        'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN',
        'CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT',
        'CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT',
        'CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT',
        'MAX_CANCEL_COUNT_REACHED',
        'PAYMENT_ALREADY_CANCELLED',
        'PAYMENT_NOT_PAID',
        'SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT',
        // Documented on the page about idempotency keys, for every operation.
        'IDEMPOTENCY_OUTSTANDING_REQUEST',
      ],
      502: ['PG_PROVIDER'],
    },
  },
};

/** How an answer of the emulator differs from PortOne's document. Empty for a path that PortOne does not have. */
export function problemsOfAnswer(
  method: string,
  path: string,
  status: number,
  body: unknown,
): string[] {
  const operation = findOperation(method, path);
  const documented =
    operation && DOCUMENTED[`${operation.method} ${operation.template}`];
  if (!documented) return [];
  if (status === 200)
    return problemsWith(documented.ok, body, 'closed').map(
      ({ field, message }) => `${field} ${message}`,
    );
  const types = documented.errors[status];
  if (!types) return [`the status ${status} is not documented`];
  const { type, message, ...rest } = body as Record<string, unknown>;
  const more = type === 'PG_PROVIDER' ? ['pgCode', 'pgMessage'] : [];
  return [
    ...(types.includes(type as string)
      ? []
      : [`the type ${type} is not documented`]),
    ...(typeof message === 'string' ? [] : ['message is not a string']),
    ...(Object.keys(rest).sort().join() === more.join()
      ? []
      : ['other fields']),
  ];
}
