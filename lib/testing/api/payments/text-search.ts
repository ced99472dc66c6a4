import type { EmulatedPayment } from './payment.js';

/** One text search of a filter. */
export interface TextSearch {
  readonly field: string;
  readonly value: string;
}

/** The path in a payment for each documented search field; `[]` means each item of a list. */
const PLACES: Readonly<Record<string, string>> = {
  PAYMENT_ID: 'id',
  TX_ID: 'transactionId',
  SCHEDULE_ID: 'scheduleId',
  FAIL_REASON: 'failure.reason',
  CARD_ISSUER: 'method.card.issuer',
  CARD_ACQUIRER: 'method.card.publisher',
  CARD_BIN: 'method.card.bin',
  CARD_NUMBER: 'method.card.number',
  CARD_APPROVAL_NUMBER: 'method.approvalNumber',
  CARD_RECEIPT_NAME: 'method.card.name',
  CARD_INSTALLMENT: 'method.installment.month',
  TRANS_BANK: 'method.bank',
  VIRTUAL_ACCOUNT_HOLDER_NAME: 'method.remitteeName',
  VIRTUAL_ACCOUNT_BANK: 'method.bank',
  VIRTUAL_ACCOUNT_NUMBER: 'method.accountNumber',
  PG_MERCHANT_ID: 'channel.pgMerchantId',
  PG_TX_ID: 'pgTxId',
  PG_RECEIPT_ID: 'cashReceipt.pgReceiptId',
  RECEIPT_APPROVAL_NUMBER: 'cashReceipt.issueNumber',
  PG_CANCELLATION_ID: 'cancellations.[].pgCancellationId',
  CANCEL_REASON: 'cancellations.[].reason',
  ORDER_NAME: 'orderName',
  CUSTOMER_NAME: 'customer.name',
  CUSTOMER_EMAIL: 'customer.email',
  CUSTOMER_PHONE_NUMBER: 'customer.phoneNumber',
  CUSTOMER_ADDRESS: 'customer.address.oneLine',
  CUSTOMER_ZIPCODE: 'customer.zipcode',
  USER_AGENT: 'origin.userAgent',
  BILLING_KEY: 'billingKey',
  PROMOTION_ID: 'promotionId',
  GIFT_CERTIFICATION_APPROVAL_NUMBER: 'method.approvalNumber',
};

/** Whether the field of a payment contains the text; for `ALL`, any field. */
export function isTextFound(
  payment: EmulatedPayment,
  { field, value }: TextSearch,
): boolean {
  const places =
    field === 'ALL' ? Object.values(PLACES) : [PLACES[field] ?? ''];
  return places
    .flatMap((place) => textsAt(payment, place.split('.')))
    .some((text) => text.includes(value));
}

function textsAt(value: unknown, [name, ...rest]: string[]): string[] {
  if (value === undefined || value === null) return [];
  if (name === undefined) return [String(value)];
  return name === '[]'
    ? (value as unknown[]).flatMap((item) => textsAt(item, rest))
    : textsAt((value as Record<string, unknown>)[name], rest);
}
