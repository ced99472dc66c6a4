export { PortOneEmulator } from './portone-emulator.js';
export type { CallLog, RecordedCall } from './call-log.js';
export type {
  EmulatedEndpoint,
  EndpointTarget,
  PortOneEmulatorOptions,
  ResponseDelay,
} from './emulator-options.js';
export type { AnswerFault, Fault, FaultOptions, TokenFault } from './fault.js';
export type { EmulatedPayment, NewPayment } from './payments.js';
export {
  tokenStoreConformance,
  type TokenStoreCheck,
} from './token-store.conformance.js';
