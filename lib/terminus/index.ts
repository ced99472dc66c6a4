/** @module nestjs-portone-auth/terminus */
export { PortOneHealthIndicator } from './portone-health.indicator.js';
export type {
  PortOneHealth,
  PortOneHealthOptions,
} from './portone-health.indicator.js';
