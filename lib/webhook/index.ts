/** @module nestjs-portone-auth/webhook */
export {
  PortOneWebhook,
  WebhookEvent,
  WebhookId,
} from './webhook.decorators.js';
export type { PortOneWebhookOptions } from './webhook.decorators.js';
export { PortOneWebhookGuard } from './webhook.guard.js';
export { WebhookDeniedException } from './webhook-denied.exception.js';
export type { WebhookDenialCode } from './webhook-denied.exception.js';
export type {
  PortOneWebhook20240101,
  PortOneWebhookEvent,
} from './webhook-event.js';
export type { WebhookSecret, WebhookSecrets } from './webhook-secret.js';
