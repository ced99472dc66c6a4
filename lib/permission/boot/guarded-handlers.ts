import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { externalHandler } from '../rule/external-handlers.js';
import {
  handlerRule,
  requirementsIn,
  routeRule,
  type PermissionRequirement,
  type PermissionRule,
} from '../rule/permission-rule.js';
import { methodsOf, prototypeOf, readMethod } from '../rule/written-rules.js';
import { itself, surviveProxies } from '../../provider/survive-proxies.js';
import { AskedGuards } from './asked-guards.js';
import {
  isCalledByNest,
  isCalledOnInstance,
  isHttpRoute,
  isResolver,
} from './handler-kind.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** A method of a controller or provider, with what is written for it. */
export interface Method {
  readonly owner: Function;
  /** `Controller.handler`. */
  readonly route: string;
  readonly name: string;
  readonly prototype: object;
  /** The function on the prototype. */
  readonly written: Function;
  /** Undefined: nothing is written. */
  readonly rule: PermissionRule | undefined;
  readonly requirements: readonly PermissionRequirement[];
  /** Undefined for a method that Nest does not call. */
  readonly call?: Call;
}

/** How Nest calls a handler. */
export interface Call {
  readonly instance: object;
  /** For a class that is made for every request: the function on the prototype, as far as is known at boot. */
  readonly called: Function;
  /** The guards that Nest asks before it, in order. */
  readonly guards: readonly object[];
  /** The guards that Nest asks if the instance holds another function. */
  readonly guardsOfOther?: readonly object[];
  /** Whether Nest made the instance from its class. */
  readonly isFromClass: boolean;
}

/** Lists the methods of an application's controllers and providers, and how Nest calls them. */
@Injectable()
export class GuardedHandlers {
  private readonly guards: AskedGuards;

  constructor(
    private readonly discovery: DiscoveryService,
    guards: AskedGuards,
  ) {
    surviveProxies(this);
    this.guards = itself(guards);
  }

  /** Every method by its class. A class counts if Nest has made its instance, was given one, or will make instances later. */
  methods(): Map<Function, Method[]> {
    const methods = new Map<Function, Method[]>();
    for (const wrapper of this.wrappers()) {
      const owner = classOf(wrapper);
      if (!isClass(owner)) continue;
      const prototype = prototypeOf(wrapper.instance) ?? owner.prototype;
      const known = methods.get(owner) ?? [];
      for (const { name, written } of methodsOf(prototype as object)) {
        known.push(this.methodOf(wrapper, owner, prototype, name, written));
      }
      methods.set(owner, known);
    }
    return methods;
  }

  /** The routes, resolvers and message handlers that require something, each route once. */
  guarded(): Method[] {
    const guarded = [...this.methods().values()]
      .flat()
      .filter(({ requirements, call }) => requirements.length > 0 && call);
    return [...new Map(guarded.map((it) => [it.route, it])).values()];
  }

  private methodOf(
    wrapper: Wrapper,
    owner: Function,
    prototype: object,
    name: string,
    written: Function,
  ): Method {
    const own = handlerRule(prototype, name, written);
    // A class decorator may have put another class, or a proxy of it, in the place of the one that carries the rule.
    const rules = [owner, prototype.constructor].map((it) =>
      routeRule(it, own),
    );
    return {
      owner,
      route: `${owner.name}.${name}`,
      name,
      prototype,
      written,
      rule: rules.find((rule) => rule !== undefined),
      requirements: [...new Set(rules.flatMap(requirementsIn))],
      call: this.callOf(wrapper, name, written),
    };
  }

  private callOf(
    wrapper: Wrapper,
    name: string,
    written: Function,
  ): Call | undefined {
    const instance = wrapper.instance as unknown;
    if (typeof instance !== 'object' || instance === null) return undefined;
    const external = externalHandler(instance, name);
    if (!external && !isCalledByNest(written)) return undefined;
    const isStatic = wrapper.isDependencyTreeStatic();
    const held =
      isCalledOnInstance(written) && isStatic
        ? readMethod(instance, name)
        : external?.callback;
    const called = typeof held === 'function' ? held : written;
    const ask = (handler: Function): readonly object[] => {
      if (external && !isCalledByNest(written) && !external.hasGuards)
        return [];
      return external || isResolver(written)
        ? this.guards.ofExternal(wrapper, handler)
        : this.guards.ofRouted(wrapper, handler, isHttpRoute(written));
    };
    return {
      instance,
      called,
      guards: ask(called),
      ...(!isStatic && { guardsOfOther: ask(() => undefined) }),
      isFromClass: !wrapper.isNotMetatype,
    };
  }

  private wrappers(): Wrapper[] {
    return [
      ...this.discovery.getControllers(),
      ...this.discovery.getProviders(),
    ];
  }
}

/** GraphQL goes by the instance: a resolver may come from `useFactory` or `useValue`. */
const classOf = ({ isNotMetatype, metatype, instance }: Wrapper): unknown =>
  isNotMetatype ? prototypeOf(instance)?.constructor : metatype;

const isClass = (value: unknown): value is Function =>
  typeof value === 'function' &&
  typeof value.prototype === 'object' &&
  value.prototype !== null;
