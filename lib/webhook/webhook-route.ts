import type { WebhookSecret } from './webhook-secret.js';

/** The options that `@PortOneWebhook` has written for a route. */
export interface WebhookRoute {
  /** The name of the client whose `webhook.secret` is used when the route has no secret of its own. */
  readonly client: string | undefined;
  /** Undefined: the client's `webhook.secret`. */
  readonly secret: WebhookSecret | undefined;
}

/** A fixed string, not a symbol, so that a second copy of this package reads the same metadata. */
const WEBHOOK_ROUTE = 'nestjs-portone-auth:webhook-route';

/** Writes to the prototype under the method's name, and not to the function: so the mark stays when a library replaces the function. */
export const writeWebhookRoute = (
  prototype: object,
  name: string | symbol,
  route: WebhookRoute,
): void => Reflect.defineMetadata(WEBHOOK_ROUTE, route, prototype, name);

/** The webhook route of this name in a class or in a class that it extends. */
export const webhookRouteOf = (
  controller: Function,
  name: string | symbol,
): WebhookRoute | undefined =>
  Reflect.getMetadata(WEBHOOK_ROUTE, controller.prototype as object, name) as
    WebhookRoute | undefined;

/** The names and methods of a class, followed by those of the classes it extends. */
export function* methodsOf(
  controller: Function,
): Generator<[name: string | symbol, method: unknown]> {
  for (
    let level = controller.prototype as object | null;
    level && level !== Object.prototype;
    level = Object.getPrototypeOf(level) as object | null
  ) {
    for (const name of Reflect.ownKeys(level))
      yield [name, Object.getOwnPropertyDescriptor(level, name)?.value];
  }
}
