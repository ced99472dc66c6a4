import { randomUUID } from 'node:crypto';
import { AuthConfigurationError } from '../../../errors/auth-configuration.error.js';
import { problemsWith } from '../facts/check-shape.js';
import { amountProblems, makeAmount, vatOf } from './amount.js';
import type {
  Cancellation,
  EmulatedPayment,
  NewPayment,
  PaymentAmount,
  PaymentStatus,
} from './payment.js';

/** The store that a payment belongs to, and the emulator's clock. */
export interface Store {
  readonly merchantId: string;
  readonly storeId: string;
  readonly now: () => number;
}

/**
 * A payment with every field that PortOne requires for its status.
 *
 * @throws AuthConfigurationError when PortOne could not send such a payment, naming every field that is wrong
 */
export function makePayment(given: NewPayment, store: Store): EmulatedPayment {
  const { total, amount: parts, ...fields } = given;
  const status = fields.status ?? 'PAID';
  const at = new Date(store.now()).toISOString();
  const amount = makeAmount(status, total, parts);
  const payment = {
    ...common(fields.id, at, store),
    ...ofStatus(status, at, amount),
    amount,
    ...fields,
    status,
  };
  const problems = [
    ...problemsWith('Payment', payment, 'closed'),
    ...amountProblems(status, amount),
  ];
  if (payment.id === '')
    problems.push({ field: 'id', message: 'must not be empty' });
  if (problems.length > 0)
    throw new AuthConfigurationError(
      problems.map(({ field, message }) => ({
        field: `addPayment().${field}`,
        message,
      })),
    );
  // A copy without undefined fields: a test may change its own object without changing what is sent.
  return JSON.parse(JSON.stringify(payment)) as EmulatedPayment;
}

function common(id: string, at: string, { merchantId, storeId }: Store) {
  return {
    transactionId: randomUUID(),
    merchantId,
    storeId,
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
    orderName: `Emulated order ${id}`,
    currency: 'KRW',
    customer: { id: 'customer-emulator', name: '홍길동' },
    origin: {
      platformType: 'PC',
      url: 'http://127.0.0.1/',
      ipAddress: '127.0.0.1',
    },
  };
}

const CARD = { type: 'PaymentMethodCard', card: { name: 'Emulated card' } };

function ofStatus(
  status: PaymentStatus,
  at: string,
  { cancelled, cancelledTaxFree, total, vat = 0 }: PaymentAmount,
): object {
  switch (status) {
    case 'PAID':
      return { method: CARD, paidAt: at, disputes: [] };
    case 'PAY_PENDING':
      return { method: CARD };
    case 'VIRTUAL_ACCOUNT_ISSUED':
      return {
        method: {
          type: 'PaymentMethodVirtualAccount',
          bank: 'SHINHAN',
          accountNumber: '110000000000',
          issuedAt: at,
        },
      };
    case 'FAILED':
      return {
        method: CARD,
        failedAt: at,
        failure: {
          reason: 'Emulated failure',
          pgCode: 'EMULATED',
          pgMessage: 'Emulated failure',
        },
      };
    case 'PARTIAL_CANCELLED':
    case 'CANCELLED': {
      const cancellation: Cancellation = {
        status: 'SUCCEEDED',
        id: randomUUID(),
        totalAmount: cancelled,
        taxFreeAmount: cancelledTaxFree,
        vatAmount: cancelled === total ? vat : Math.min(vat, vatOf(cancelled)),
        reason: 'Emulated cancellation',
        requestedAt: at,
        cancelledAt: at,
        trigger: 'API',
      };
      return {
        method: CARD,
        paidAt: at,
        cancellations: [cancellation],
        cancelledAt: at,
      };
    }
    default:
      return {};
  }
}
