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
import {
  withoutProxy,
  surviveProxies,
} from '../../provider/survive-proxies.js';
import { NestGuards } from './nest-guards.js';
import {
  isCalledByNest,
  isCalledOnInstance,
  isHttpRoute,
  isResolver,
} from './handler-kind.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** A method of a controller or provider, with its rule and how Nest calls it. */
export interface MethodInfo {
  readonly owner: Function;
  /** `Controller.handler`. */
  readonly route: string;
  readonly name: string;
  readonly prototype: object;
  /** The function on the prototype. */
  readonly written: Function;
  /** Undefined: none of our decorators stands on the method or its class. */
  readonly rule: PermissionRule | undefined;
  readonly requirements: readonly PermissionRequirement[];
  /** Undefined for a method that Nest does not call. */
  readonly call?: Call;
}

/** How Nest calls a handler. */
export interface Call {
  readonly instance: object;
  /** For a request-scoped class: the function on the prototype, because its instances do not exist at boot. */
  readonly called: Function;
  /** The guards that Nest runs before it, in order. */
  readonly guards: readonly object[];
  /** For a request-scoped class: the guards that Nest runs if an instance holds another function. */
  readonly guardsOfReplacement?: readonly object[];
  /** Whether Nest made the instance from its class. */
  readonly isFromClass: boolean;
}

/** Lists the methods of an application's controllers and providers, and how Nest calls them. */
@Injectable()
export class GuardedHandlers {
  private readonly guards: NestGuards;

  constructor(
    private readonly discovery: DiscoveryService,
    guards: NestGuards,
  ) {
    surviveProxies(this);
    this.guards = withoutProxy(guards);
  }

  /** All methods by class: of classes that Nest makes instances of, and of instances that the app gave to Nest. */
  methods(): Map<Function, MethodInfo[]> {
    const methods = new Map<Function, MethodInfo[]>();
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
  guarded(): MethodInfo[] {
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
  ): MethodInfo {
    const ofMethod = handlerRule(prototype, name, written);
    // A class decorator may have replaced the class, or put a proxy around it. Then the rule is on the other one.
    const rules = [owner, prototype.constructor].map((it) =>
      routeRule(it, ofMethod),
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
    const guardsBefore = (handler: Function): readonly object[] => {
      if (external && !isCalledByNest(written) && !external.hasGuards)
        return [];
      return external || isResolver(written)
        ? this.guards.ofExternal(wrapper, handler)
        : this.guards.ofRoute(wrapper, handler, isHttpRoute(written));
    };
    return {
      instance,
      called,
      guards: guardsBefore(called),
      ...(!isStatic && { guardsOfReplacement: guardsBefore(() => undefined) }),
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

/** For `useFactory` and `useValue`: the class of the instance, because GraphQL finds resolvers there as well. */
const classOf = ({ isNotMetatype, metatype, instance }: Wrapper): unknown =>
  isNotMetatype ? prototypeOf(instance)?.constructor : metatype;

const isClass = (value: unknown): value is Function =>
  typeof value === 'function' &&
  typeof value.prototype === 'object' &&
  value.prototype !== null;
