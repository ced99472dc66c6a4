import type { WebhookSecret } from './webhook-secret.js';

/** What `@PortOneWebhook` says about a route. */
export interface WebhookRoute {
  /** The name of the client whose options have the secret, where the route has none of its own. */
  readonly client: string | undefined;
  /** Undefined: the client's `webhook.secret`. */
  readonly secret: WebhookSecret | undefined;
}

/** A stable string, for a second copy of this package. */
const WEBHOOK_ROUTE = 'nestjs-portone-auth:webhook-route';

/** By name and on the prototype: a library that puts another function in the method's place cannot lose it there. */
export const writeWebhookRoute = (
  prototype: object,
  name: string | symbol,
  route: WebhookRoute,
): void => Reflect.defineMetadata(WEBHOOK_ROUTE, route, prototype, name);

/** The webhook route that a class, or a class it extends, has under this name. */
export const webhookRouteOf = (
  controller: Function,
  name: string | symbol,
): WebhookRoute | undefined =>
  Reflect.getMetadata(WEBHOOK_ROUTE, controller.prototype as object, name) as
    WebhookRoute | undefined;

/** The names and functions on the prototypes of a class, nearest first. */
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
