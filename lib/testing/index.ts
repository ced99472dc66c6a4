/** @module nestjs-portone-auth/testing */
export { PortOneEmulator } from './portone-emulator.js';
export type {
  Cancellation,
  EmulatedPayment,
  NewPayment,
  PaymentAmount,
  PaymentStatus,
} from './api/payments/payment.js';
export type { EmulatedAnswer } from './api/answer.js';
export type {
  EmulatedRequest,
  OperationHandler,
  OperationOptions,
} from './api/user-operation.js';
export type { CallLog, RecordedCall } from './call-log.js';
export type {
  EmulatedEndpoint,
  PortOneEmulatorOptions,
  ResponseDelay,
} from './emulator-options.js';
export type {
  EndpointTarget,
  FaultTarget,
  HttpMethod,
} from './faults/fault-target.js';
export type {
  AnswerFault,
  Fault,
  FaultOptions,
  TokenFault,
} from './faults/fault.js';
export type {
  LegacyWebhookEvent,
  WebhookDelivery,
  WebhookEvent,
  WebhookOptions,
} from './webhook/webhook-event.js';
export {
  stubPortOne,
  type StubbedClient,
  type StubbedModule,
  type StubbedPortOne,
  type StubbedRequest,
} from './stub/stub-portone.js';
export {
  tokenStoreConformance,
  type TokenStoreCheck,
} from './store/token-store.conformance.js';
