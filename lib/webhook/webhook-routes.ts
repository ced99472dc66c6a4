import type { ApplicationConfig, ModulesContainer } from '@nestjs/core';
import type { ConfigurationProblem } from '../errors/index.js';
import { guardsOf, isFunctionCopy } from '../provider/nest-metadata.js';
import {
  methodsOf,
  webhookRouteOf,
  type WebhookRoute,
} from './webhook-route.js';

/** A webhook route of a controller, with the function that Nest calls for it. */
interface FoundRoute {
  /** `Controller.handler`. */
  readonly name: string;
  readonly method: string | symbol;
  readonly route: WebhookRoute;
  readonly controller: Function;
  /** Undefined when Nest makes a new controller for each request. */
  readonly handler: Function | undefined;
}

/** Finds the webhook routes of an application. Looks at the functions on the instances, because Nest calls those. */
export class WebhookRoutes {
  private names?: WeakMap<Function, string | symbol>;

  constructor(
    private readonly modules: ModulesContainer,
    private readonly config: ApplicationConfig,
  ) {}

  /** Every webhook route, once. */
  list(): FoundRoute[] {
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

  /** One problem for each route that would run without this guard, for example because a library has replaced its function. */
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
          'this route would run without the webhook guard, because its function or its guards were replaced after @PortOneWebhook. Remove the code that replaces them.',
      }));
  }

  /**
   * The webhook route that a function belongs to; undefined for another route. 'unknown' may be a webhook route, so it must be
   * denied.
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

  /** The names of the methods that a function may be. */
  private namesOf(controller: Function, handler: Function) {
    const methods = [...methodsOf(controller)];
    const exact = methods
      .filter(([, method]) => method === handler)
      .map(([name]) => name);
    if (exact.length > 0) return exact;
    this.names ??= this.namesByInstance();
    const held = this.names.get(handler);
    if (held !== undefined) return [held];
    // An observer of Nest may give a new copy of a method each time the method is read.
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
        // When a function has two names, the name of a webhook route is kept.
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
