/** @module nestjs-portone-auth/opentelemetry */
export { PortOneTelemetry } from './portone-telemetry.js';
export type { PortOneTelemetryOptions } from './portone-telemetry.js';
