/*
 * The fields of payments, answers and request bodies in PortOne's V2 API (1.16.0), in a short notation of our own.
 * A field is `name:type`, or `name!:type` when it is required. Types: text, int (32 bits), long (64 bits), bool, time
 * (RFC 3339), the name of another shape or enumeration, or `A|B` for one of these words. `[]` after a type makes a list.
 * `@field NAME=Shape` is a union: the value of that field selects the shape.
 */

const PAYMENT = `status!:text id!:text transactionId!:text merchantId!:text storeId!:text method:PaymentMethod
  channelGroup:ChannelGroup version!:V1|V2 scheduleId:text billingKey:text webhooks:Webhook[] requestedAt!:time
  updatedAt!:time statusChangedAt!:time orderName!:text amount!:PaymentAmount currency!:Currency customer!:Customer
  origin!:PaymentOrigin promotionId:text isCulturalExpense:bool escrow:Escrow products:Product[] productCount:int
  customData:text country:Country`;
const RECEIPT =
  'pgTxId:text cashReceipt:CashReceipt cashReceiptIssuanceStatus:ISSUED|NOT_ISSUED receiptUrl:text';
const CANCELLED = `${PAYMENT} channel!:Channel paidAt:time ${RECEIPT} cancellations!:Cancellation[] cancelledAt!:time`;
const CANCELLATION = `status!:text id!:text pgCancellationId:text totalAmount!:long taxFreeAmount!:long vatAmount!:long
  easyPayDiscountAmount:long reason!:text cancelledAt:time requestedAt!:time
  trigger:CONSOLE|API|PORTONE_ADMIN|CHARGEBACK`;
const SENT =
  'status!:text company!:text invoiceNumber!:text sentAt:time appliedAt:time';
const CASH_RECEIPT = `status!:text type:PERSONAL|CORPORATE pgReceiptId:text issueNumber!:text totalAmount!:long
  taxFreeAmount:long currency!:Currency url:text issuedAt!:time`;

/** Payments first, then answers, then the bodies of requests. */
export const SHAPES: Readonly<Record<string, string>> = {
  Payment: `@status READY=ReadyPayment PAY_PENDING=PendingPayment VIRTUAL_ACCOUNT_ISSUED=PendingPayment
    PAID=PaidPayment FAILED=FailedPayment PARTIAL_CANCELLED=CancelledPayment CANCELLED=CancelledPayment`,
  ReadyPayment: `${PAYMENT} channel:Channel`,
  PendingPayment: `${PAYMENT} channel!:Channel pgTxId:text`,
  PaidPayment: `${PAYMENT} channel!:Channel paidAt!:time pgResponse:text ${RECEIPT} disputes!:Dispute[]
    cancellations:Cancellation[]`,
  FailedPayment: `${PAYMENT} channel:Channel failedAt!:time failure!:Failure`,
  CancelledPayment: CANCELLED,

  PaymentAmount: `total!:long taxFree!:long vat:long supply:long discount!:long paid!:long cancelled!:long
    cancelledTaxFree!:long`,
  PaymentOrigin:
    'platformType!:PC|MOBILE|API userAgent:text url:text ipAddress!:text',
  Channel:
    'type!:LIVE|TEST id:text key:text name:text pgProvider!:PgProvider pgMerchantId!:text',
  ChannelGroup: 'id!:text name!:text isForTest!:bool',
  Customer: `id:text name:text birthYear:text birthMonth:text birthDay:text gender:MALE|FEMALE|OTHER email:text
    phoneNumber:text address:Address zipcode:text`,
  Address: '@type ONE_LINE=OneLineAddress SEPARATED=SeparatedAddress',
  OneLineAddress: 'type!:text oneLine!:text',
  SeparatedAddress: `type!:text oneLine!:text addressLine1!:text addressLine2!:text city:text province:text
    country:Country`,
  Failure: 'reason:text pgCode:text pgMessage:text',
  Dispute:
    'status!:UNRESOLVED|RESOLVED pgDisputeId:text reason!:text createdAt!:time resolvedAt:time',
  Product:
    'id!:text name!:text tag:text code:text amount!:long quantity!:int link:text',
  Cancellation:
    '@status REQUESTED=OpenCancellation FAILED=OpenCancellation SUCCEEDED=DoneCancellation',
  OpenCancellation: CANCELLATION,
  DoneCancellation: `${CANCELLATION} receiptUrl:text`,
  Webhook: `paymentStatus:READY|VIRTUAL_ACCOUNT_ISSUED|PAID|FAILED|PARTIAL_CANCELLED|CANCELLED|PAY_PENDING id!:text
    status:SUCCEEDED|FAILED_NOT_OK_RESPONSE|FAILED_UNEXPECTED_ERROR url!:text isAsync:bool currentExecutionCount:int
    maxExecutionCount:int trigger:WebhookTrigger request:WebhookRequest response:WebhookResponse triggeredAt:time`,
  WebhookTrigger: `MANUAL|VIRTUAL_ACCOUNT_DEPOSIT|ASYNC_CANCEL_APPROVED|ASYNC_CANCEL_FAILED|ASYNC_PAY_APPROVED|ASYNC_PAY_FAILED|ASYNC_PAY_PENDING|DISPUTE_CREATED|DISPUTE_RESOLVED`,
  WebhookRequest: 'header:text body!:text requestedAt:time',
  WebhookResponse: 'code!:text header!:text body!:text respondedAt!:time',
  Escrow: `@status BEFORE_REGISTERED=UnsentEscrow REGISTERED=SentEscrow DELIVERED=SentEscrow CANCELLED=SentEscrow
    REJECTED=SentEscrow REJECT_CONFIRMED=SentEscrow CONFIRMED=ConfirmedEscrow`,
  UnsentEscrow: 'status!:text',
  SentEscrow: SENT,
  ConfirmedEscrow: `${SENT} isAutomaticallyConfirmed!:bool`,
  CashReceipt:
    '@status ISSUED=IssuedCashReceipt CANCELLED=TakenBackCashReceipt',
  IssuedCashReceipt: CASH_RECEIPT,
  TakenBackCashReceipt: `${CASH_RECEIPT} cancelledAt!:time`,

  PaymentMethod: `@type PaymentMethodCard=CardMethod PaymentMethodTransfer=TransferMethod
    PaymentMethodVirtualAccount=VirtualAccountMethod PaymentMethodGiftCertificate=GiftCertificateMethod
    PaymentMethodMobile=MobileMethod PaymentMethodEasyPay=EasyPayMethod
    PaymentMethodConvenienceStore=ConvenienceStoreMethod PaymentMethodCrypto=CryptoMethod`,
  CardMethod:
    'type!:text card:Card approvalNumber:text installment:Installment pointUsed:bool',
  Card: `publisher:text issuer:text brand:LOCAL|MASTER|UNIONPAY|VISA|JCB|AMEX|DINERS type:CREDIT|DEBIT|GIFT
    ownerType:PERSONAL|CORPORATE bin:text name:text number:text`,
  Installment:
    'month!:int isInterestFree!:bool isInterestFreeFromMerchant:bool',
  TransferMethod: 'type!:text bank:Bank accountNumber:text',
  VirtualAccountMethod: `type!:text bank:Bank accountNumber!:text accountType:FIXED|NORMAL remitteeName:text
    remitterName:text expiredAt:time issuedAt:time refundStatus:PENDING|PARTIAL_REFUND_FAILED|FAILED|COMPLETED`,
  GiftCertificateMethod:
    'type!:text giftCertificateType:GiftCertificate approvalNumber!:text',
  GiftCertificate: 'BOOKNLIFE|SMART_MUNSANG|CULTURELAND|HAPPYMONEY|CULTUREGIFT',
  MobileMethod: 'type!:text phoneNumber:text',
  EasyPayMethod:
    'type!:text provider:EasyPayProvider easyPayMethod:EasyPayMeans',
  EasyPayMeans: `@type PaymentMethodCard=CardMethod PaymentMethodTransfer=TransferMethod
    PaymentMethodEasyPayMethodCharge=ChargeMethod`,
  ChargeMethod: 'type!:text bank:Bank',
  ConvenienceStoreMethod: `type!:text convenienceStoreBrand:LAWSON|FAMILY_MART|MINI_STOP|SEVEN_ELEVEN|SEICOMART
    confirmationNumber:text receiptNumber:text paymentDeadline:time`,
  CryptoMethod: 'type!:text',

  TokenAnswer: 'accessToken!:text refreshToken!:text',
  ListAnswer: 'items!:Payment[] page!:PageInfo',
  PageInfo: 'number!:int size!:int totalCount!:int',
  CancelAnswer: 'cancellation!:Cancellation',

  CancelRequest: `storeId:text amount:long taxFreeAmount:long vatAmount:long reason!:text requester:CUSTOMER|ADMIN
    promotionDiscountRetainOption:RETAIN|RELEASE currentCancellableAmount:long refundAccount:RefundAccount
    refundEmail:text skipWebhook:bool`,
  RefundAccount:
    'bank!:Bank number!:text holderName!:text holderPhoneNumber:text',
  ListRequest: 'page:PageRequest filter:Filter',
  PageRequest: 'number:int size:int',
  Filter: `merchantId:text storeId:text timestampType:CREATED_AT|STATUS_CHANGED_AT from:time until:time
    status:FilterStatus[] methods:FilterMethod[] pgProvider:PgProvider[] isTest:bool isScheduled:bool
    sortBy:REQUESTED_AT|STATUS_CHANGED_AT sortOrder:DESC|ASC version:V1|V2
    webhookStatus:SUCCEEDED|FAILED_NOT_OK_RESPONSE|FAILED_UNEXPECTED_ERROR platformType:SDK_MOBILE|SDK_PC|API
    currency:Currency isEscrow:bool escrowStatus:REGISTERED|DELIVERED|CONFIRMED|REJECTED|CANCELLED|REJECT_CONFIRMED
    cardBrand:LOCAL|MASTER|UNIONPAY|VISA|JCB|AMEX|DINERS cardType:CREDIT|DEBIT|GIFT cardOwnerType:PERSONAL|CORPORATE
    giftCertificateType:GiftCertificate cashReceiptType:PERSONAL|CORPORATE|NO_RECEIPT
    cashReceiptStatus:ISSUED|CANCELLED cashReceiptIssuedAtRange:Range cashReceiptCancelledAtRange:Range
    textSearch:TextSearch[]`,
  // A filter uses PENDING for the status PAY_PENDING of a payment.
  FilterStatus:
    'READY|PENDING|VIRTUAL_ACCOUNT_ISSUED|PAID|FAILED|PARTIAL_CANCELLED|CANCELLED',
  FilterMethod:
    'CARD|TRANSFER|VIRTUAL_ACCOUNT|GIFT_CERTIFICATE|MOBILE|EASY_PAY|CONVENIENCE_STORE|CRYPTO',
  Range: 'from!:time until!:time',
  TextSearch: 'field!:SearchField value!:text',
  SearchField: `ALL|PAYMENT_ID|TX_ID|SCHEDULE_ID|FAIL_REASON|CARD_ISSUER|CARD_ACQUIRER|CARD_BIN|CARD_NUMBER|CARD_APPROVAL_NUMBER|CARD_RECEIPT_NAME|CARD_INSTALLMENT|TRANS_BANK|VIRTUAL_ACCOUNT_HOLDER_NAME|VIRTUAL_ACCOUNT_BANK|VIRTUAL_ACCOUNT_NUMBER|PG_MERCHANT_ID|PG_TX_ID|PG_RECEIPT_ID|RECEIPT_APPROVAL_NUMBER|PG_CANCELLATION_ID|CANCEL_REASON|ORDER_NAME|CUSTOMER_NAME|CUSTOMER_EMAIL|CUSTOMER_PHONE_NUMBER|CUSTOMER_ADDRESS|CUSTOMER_ZIPCODE|USER_AGENT|BILLING_KEY|PROMOTION_ID|GIFT_CERTIFICATION_APPROVAL_NUMBER`,
};
