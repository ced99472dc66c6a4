import type { ApplicationConfig, ModulesContainer } from '@nestjs/core';
import type { ConfigurationProblem } from '../errors/index.js';
import { guardsOf, isFunctionCopy } from '../provider/nest-metadata.js';
import {
  methodsOf,
  webhookRouteOf,
  type WebhookRoute,
} from './webhook-route.js';

/** A webhook route of a controller that Nest has made, with the function that Nest calls for it. */
interface PlacedRoute {
  /** `Controller.handler`. */
  readonly name: string;
  readonly method: string | symbol;
  readonly route: WebhookRoute;
  readonly controller: Function;
  /** Undefined where each request gets a controller of its own. */
  readonly handler: Function | undefined;
}

/** The webhook routes of an application, by what Nest calls: the function on the instance, decorated or put there later. */
export class WebhookRoutes {
  private names?: WeakMap<Function, string | symbol>;

  constructor(
    private readonly modules: ModulesContainer,
    private readonly config: ApplicationConfig,
  ) {}

  /** All of them, once each. */
  list(): PlacedRoute[] {
    return [...this.controllers()].flatMap(({ controller, instance }) =>
      namesOf(controller).flatMap((name) => {
        const route = webhookRouteOf(controller, name);
        if (!route) return [];
        const handler = instance && Reflect.get(instance, name);
        return [
          {
            name: `${controller.name}.${String(name)}`,
            method: name,
            route,
            controller,
            handler: typeof handler === 'function' ? handler : undefined,
          },
        ];
      }),
    );
  }

  /** Routes for which Nest would not ask this guard, such as one whose function a library has replaced. */
  unguarded(guard: Function): ConfigurationProblem[] {
    const isOurs = (entry: unknown) => isOrExtends(entry, guard);
    if (this.config.getGlobalGuards().some((g) => isOurs(g.constructor)))
      return [];
    return this.list()
      .filter(
        ({ controller, handler }) =>
          !guardsOf(controller).some(isOurs) &&
          !(handler && guardsOf(handler).some(isOurs)),
      )
      .map(({ name }) => ({
        field: name,
        message:
          'Nest would not ask the webhook guard: the function or the guards that @PortOneWebhook has written were replaced. Remove what replaces them.',
      }));
  }

  /**
   * What a function that Nest calls stands for: a webhook route, another route (undefined), or 'unknown', which may be
   * either and must not be let in.
   */
  find(
    controller: Function,
    handler: Function,
  ): WebhookRoute | 'unknown' | undefined {
    const names = this.namesOf(controller, handler);
    if (names.length === 0) return 'unknown';
    return names
      .map((name) => webhookRouteOf(controller, name))
      .find((route) => route !== undefined);
  }

  /** The methods that a function may stand for. */
  private namesOf(controller: Function, handler: Function) {
    const methods = [...methodsOf(controller)];
    const exact = methods
      .filter(([, method]) => method === handler)
      .map(([name]) => name);
    if (exact.length > 0) return exact;
    this.names ??= this.namesByInstance();
    const held = this.names.get(handler);
    if (held !== undefined) return [held];
    // An observer may answer another copy of a method each time it is asked.
    return methods
      .filter(
        ([, method]) =>
          typeof method === 'function' && isFunctionCopy(handler, method),
      )
      .map(([name]) => name);
  }

  private namesByInstance(): WeakMap<Function, string | symbol> {
    const names = new WeakMap<Function, string | symbol>();
    for (const { controller, instance } of this.controllers()) {
      for (const name of instance ? namesOf(controller) : []) {
        const handler: unknown = Reflect.get(instance as object, name);
        // A function under two names stands for the webhook, if either is one.
        if (
          typeof handler === 'function' &&
          (!names.has(handler) || webhookRouteOf(controller, name))
        )
          names.set(handler, name);
      }
    }
    return names;
  }

  private *controllers() {
    const seen = new Set<Function>();
    for (const { controllers } of this.modules.values()) {
      for (const wrapper of controllers.values()) {
        const { metatype } = wrapper;
        if (typeof metatype !== 'function' || seen.has(metatype)) continue;
        seen.add(metatype);
        const isStatic = wrapper.isDependencyTreeStatic();
        const instance = isStatic ? (wrapper.instance as object) : undefined;
        yield { controller: metatype as Function, instance };
      }
    }
  }
}

const namesOf = (controller: Function): (string | symbol)[] => [
  ...new Set([...methodsOf(controller)].map(([name]) => name)),
];

const isOrExtends = (entry: unknown, guard: Function): boolean =>
  typeof entry === 'function' &&
  (entry === guard || Object.prototype.isPrototypeOf.call(guard, entry));
