import type { PortOneWebhookEvent } from './webhook-event.js';

/** A webhook that PortOne has signed. */
export interface VerifiedWebhook {
  readonly id: string;
  readonly event: PortOneWebhookEvent;
}

const verified = new WeakMap<object, VerifiedWebhook>();

/** Keeps what the guard has verified for as long as the request lives. */
export const rememberWebhook = (
  request: object,
  webhook: VerifiedWebhook,
): void => void verified.set(request, webhook);

/** What the guard has verified of this request; undefined for a request that it has not let in. */
export const recallWebhook = (request: object): VerifiedWebhook | undefined =>
  verified.get(request);
