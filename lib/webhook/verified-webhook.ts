import type { PortOneWebhookEvent } from './webhook-event.js';

/** A webhook whose signature the guard has verified. */
export interface VerifiedWebhook {
  readonly id: string;
  readonly event: PortOneWebhookEvent;
}

const verified = new WeakMap<object, VerifiedWebhook>();

/** Remembers the verified webhook of a request. The WeakMap drops it with the request. */
export const rememberWebhook = (
  request: object,
  webhook: VerifiedWebhook,
): void => void verified.set(request, webhook);

/** The verified webhook of a request; undefined when the guard has not let the request in. */
export const recallWebhook = (request: object): VerifiedWebhook | undefined =>
  verified.get(request);
