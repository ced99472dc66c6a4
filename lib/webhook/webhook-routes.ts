import type { ApplicationConfig, ModulesContainer } from '@nestjs/core';
import type { ConfigurationProblem } from '../errors/index.js';
import {
  methodsOf,
  webhookRouteOf,
  type WebhookRoute,
} from './webhook-route.js';

const GUARDS = '__guards__';

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
    const name = this.nameOf(controller, handler);
    return name === undefined ? 'unknown' : webhookRouteOf(controller, name);
  }

  private nameOf(controller: Function, handler: Function) {
    for (const [name, method] of methodsOf(controller))
      if (method === handler) return name;
    this.names ??= this.namesByInstance();
    return this.names.get(handler);
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

const guardsOf = (target: object): unknown[] =>
  (Reflect.getMetadata(GUARDS, target) as unknown[] | undefined) ?? [];

const isOrExtends = (entry: unknown, guard: Function): boolean =>
  typeof entry === 'function' &&
  (entry === guard || Object.prototype.isPrototypeOf.call(guard, entry));
