import type { EmulatedPayment } from './payment.js';
import { isTextFound, type TextSearch } from './text-search.js';

interface Range {
  readonly from: string;
  readonly until: string;
}

/** The filter of the list operation, in the documented shape. */
export interface Filter {
  readonly merchantId?: string;
  readonly storeId?: string;
  /** Which time `from` and `until` mean. Default `STATUS_CHANGED_AT`. */
  readonly timestampType?: 'CREATED_AT' | 'STATUS_CHANGED_AT';
  /** Default: 90 days before `until`. */
  readonly from?: string;
  /** Default: now, by the emulator's clock. */
  readonly until?: string;
  readonly sortBy?: 'REQUESTED_AT' | 'STATUS_CHANGED_AT';
  readonly sortOrder?: 'DESC' | 'ASC';
  readonly textSearch?: readonly TextSearch[];
  readonly [field: string]: unknown;
}

const DEFAULT_RANGE_MS = 90 * 24 * 60 * 60 * 1000;

const METHODS: Readonly<Record<string, string>> = {
  CARD: 'PaymentMethodCard',
  TRANSFER: 'PaymentMethodTransfer',
  VIRTUAL_ACCOUNT: 'PaymentMethodVirtualAccount',
  GIFT_CERTIFICATE: 'PaymentMethodGiftCertificate',
  MOBILE: 'PaymentMethodMobile',
  EASY_PAY: 'PaymentMethodEasyPay',
  CONVENIENCE_STORE: 'PaymentMethodConvenienceStore',
  CRYPTO: 'PaymentMethodCrypto',
};

/** The value at a path of a payment; undefined when there is none. */
export const at = (payment: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) => (value as Record<string, unknown> | undefined)?.[name],
      payment,
    );

const equals =
  (path: string) =>
  (payment: EmulatedPayment, wanted: unknown): boolean =>
    at(payment, path) === wanted;
const within =
  (path: string) =>
  (payment: EmulatedPayment, { from, until }: Range): boolean =>
    isWithin(at(payment, path), Date.parse(from), Date.parse(until));

/** For each field of a filter except times and order: whether a payment matches it. */
const CONDITIONS: Readonly<
  Record<string, (payment: EmulatedPayment, wanted: never) => boolean>
> = {
  merchantId: equals('merchantId'),
  storeId: equals('storeId'),
  status: ({ status }, wanted: readonly string[]) =>
    wanted.includes(status === 'PAY_PENDING' ? 'PENDING' : status),
  methods: (payment, wanted: readonly string[]) =>
    wanted.some((name) => METHODS[name] === at(payment, 'method.type')),
  pgProvider: (payment, wanted: readonly unknown[]) =>
    wanted.includes(at(payment, 'channel.pgProvider')),
  isTest: (payment, wanted: boolean) =>
    (at(payment, 'channel.type') === 'TEST') === wanted,
  isScheduled: (payment, wanted: boolean) =>
    (payment['scheduleId'] !== undefined) === wanted,
  version: equals('version'),
  webhookStatus: (payment, wanted: string) =>
    ((payment['webhooks'] ?? []) as { status?: string }[]).some(
      ({ status }) => status === wanted,
    ),
  platformType: (payment, wanted: string) =>
    at(payment, 'origin.platformType') === wanted.replace('SDK_', ''),
  currency: equals('currency'),
  isEscrow: (payment, wanted: boolean) =>
    (payment['escrow'] !== undefined) === wanted,
  escrowStatus: equals('escrow.status'),
  cardBrand: equals('method.card.brand'),
  cardType: equals('method.card.type'),
  cardOwnerType: equals('method.card.ownerType'),
  giftCertificateType: equals('method.giftCertificateType'),
  cashReceiptType: (payment, wanted: string) =>
    (at(payment, 'cashReceipt.type') ?? 'NO_RECEIPT') === wanted,
  cashReceiptStatus: equals('cashReceipt.status'),
  cashReceiptIssuedAtRange: within('cashReceipt.issuedAt'),
  cashReceiptCancelledAtRange: within('cashReceipt.cancelledAt'),
  textSearch: (payment, wanted: readonly TextSearch[]) =>
    wanted.every((search) => isTextFound(payment, search)),
};

/** Whether a payment matches a filter. An empty list in a filter has no effect. */
export function matchesFilter(
  payment: EmulatedPayment,
  filter: Filter,
  now: number,
): boolean {
  const { timestampType, from, until } = filter;
  const time =
    timestampType === 'CREATED_AT' ? 'requestedAt' : 'statusChangedAt';
  const end = until === undefined ? now : Date.parse(until);
  const start = from === undefined ? end - DEFAULT_RANGE_MS : Date.parse(from);
  if (!isWithin(payment[time], start, end)) return false;
  return Object.entries(CONDITIONS).every(([name, holds]) => {
    const wanted = filter[name];
    const isAsked =
      wanted !== undefined && !(Array.isArray(wanted) && wanted.length === 0);
    return !isAsked || holds(payment, wanted as never);
  });
}

function isWithin(time: unknown, start: number, end: number): boolean {
  if (typeof time !== 'string') return false;
  const ms = Date.parse(time);
  return ms >= start && ms <= end;
}
