import { types } from 'node:util';
import type { DiscoveryService, ModulesContainer } from '@nestjs/core';
import { noteName, standInFor, type Method } from '../rule/handler-names.js';
import { handlerRule, routeRule } from '../rule/permission-rule.js';
import { methodsOf, prototypeOf, readMethod } from '../rule/written-rules.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** What {@link inFrontOf} made. */
const fronts = new WeakSet<object>();

/**
 * From now on the functions of every instance with guarded methods are known by the names under which Nest calls them. Nest
 * tells a guard the function alone, and an instance may hold one function under several names, or another than it held before.
 */
export function watchInstances(modules: ModulesContainer): void {
  for (const { controllers, providers } of modules.values()) {
    for (const wrapper of [...controllers.values(), ...providers.values()]) {
      const methods = guardedMethodsOf(wrapper);
      if (methods) watch(wrapper, methods);
    }
  }
}

/** All methods of a class, if something is written for one of them or for the class. */
function guardedMethodsOf({
  metatype,
  inject,
}: Wrapper): readonly Method[] | undefined {
  const prototype: unknown = metatype?.prototype;
  if (inject || !metatype || !isObject(prototype)) return undefined;
  const methods = methodsOf(prototype);
  const isGuarded = methods.some(
    ({ name, written }) =>
      routeRule(metatype, handlerRule(prototype, name, written)) !== undefined,
  );
  return isGuarded ? methods : undefined;
}

/** Looks at each instance at the moment Nest gets it: right after that Nest reads the function it will call. */
function watch(wrapper: Wrapper, methods: readonly Method[]): void {
  const getHost = wrapper.getInstanceByContextId.bind(wrapper);
  wrapper.getInstanceByContextId = (contextId, inquirerId) => {
    const host = getHost(contextId, inquirerId);
    const instance: unknown = host.instance;
    if (
      !host.isResolved ||
      !isObject(instance) ||
      isAsWritten(instance, methods)
    )
      return host;
    if (!wrapper.isDependencyTreeStatic()) {
      // Made for this request alone, so Nest has read nothing of it yet.
      host.instance = inFrontOf(instance, methods) as never;
      return host;
    }
    for (const { name } of methods) {
      const held = readMethod(instance, name);
      if (typeof held === 'function') noteName(held, name);
    }
    return host;
  };
}

/** Whether an instance certainly has the methods of its class: no property, proxy or other prototype replaces them. */
const isAsWritten = (instance: object, methods: readonly Method[]): boolean =>
  fronts.has(instance) ||
  (!types.isProxy(instance) &&
    !Object.hasOwn(instance, 'constructor') &&
    methods.every(
      ({ name, prototype }) =>
        prototypeOf(instance) === prototype && !Object.hasOwn(instance, name),
    ));

/** A Proxy before an instance. Its constructor is the class that Nest made, and each method is a function known by its name. */
function inFrontOf(instance: object, methods: readonly Method[]): object {
  const { constructor } = methods[0]!.prototype;
  const byName = new Map<unknown, Method>(methods.map((it) => [it.name, it]));
  // A target without properties, because a Proxy must not change the value of a frozen property of its target.
  const front = new Proxy(Object.create(instance) as object, {
    get: (_, name) => {
      // Nest reads the guards of the class there, and the constructor may have returned an object of another class.
      if (name === 'constructor') return constructor;
      const value: unknown = Reflect.get(instance, name);
      const method = byName.get(name);
      return method && typeof value === 'function'
        ? standInFor(instance, value, method)
        : value;
    },
    set: (_, name, value) => Reflect.set(instance, name, value),
  });
  fronts.add(front);
  return front;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null;
