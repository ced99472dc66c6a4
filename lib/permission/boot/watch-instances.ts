import { types } from 'node:util';
import type { DiscoveryService, ModulesContainer } from '@nestjs/core';
import { noteName, standInFor, type Method } from '../rule/handler-names.js';
import { handlerRule, routeRule } from '../rule/permission-rule.js';
import { methodsOf, prototypeOf, readMethod } from '../rule/written-rules.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** Every proxy that {@link proxyFor} made. */
const proxies = new WeakSet<object>();

/**
 * From now on, remembers for every instance with guarded methods which function it holds under which name. Nest gives a guard
 * only the function. An instance may hold one function under several names, or replace it later, so the name must be kept.
 */
export function watchInstances(modules: ModulesContainer): void {
  for (const { controllers, providers } of modules.values()) {
    for (const wrapper of [...controllers.values(), ...providers.values()]) {
      const methods = guardedMethodsOf(wrapper);
      if (methods) watch(wrapper, methods);
    }
  }
}

/** All methods of a class, if the class or one of its methods has a rule. */
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

/** Looks at each instance when Nest fetches it: right after that, Nest reads the function that it will call. */
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
      // The instance was made for this request, so Nest has not read a function from it yet.
      host.instance = proxyFor(instance, methods) as never;
      return host;
    }
    for (const { name } of methods) {
      const held = readMethod(instance, name);
      if (typeof held === 'function') noteName(held, name);
    }
    return host;
  };
}

/** Whether an instance has the methods of its class: no property, proxy or other prototype replaces them. */
const isAsWritten = (instance: object, methods: readonly Method[]): boolean =>
  proxies.has(instance) ||
  (!types.isProxy(instance) &&
    !Object.hasOwn(instance, 'constructor') &&
    methods.every(
      ({ name, prototype }) =>
        prototypeOf(instance) === prototype && !Object.hasOwn(instance, name),
    ));

/** A proxy around an instance. It gives each method through {@link standInFor}, and the class that Nest made as `constructor`. */
function proxyFor(instance: object, methods: readonly Method[]): object {
  const { constructor } = methods[0]!.prototype;
  const byName = new Map<unknown, Method>(methods.map((it) => [it.name, it]));
  // A target without properties, because a Proxy must not change the value of a frozen property of its target.
  const proxy = new Proxy(Object.create(instance) as object, {
    get: (_, name) => {
      // Nest reads the guards of the class from here, and the constructor may have returned an object of another class.
      if (name === 'constructor') return constructor;
      const value: unknown = Reflect.get(instance, name);
      const method = byName.get(name);
      return method && typeof value === 'function'
        ? standInFor(instance, value, method)
        : value;
    },
    set: (_, name, value) => Reflect.set(instance, name, value),
  });
  proxies.add(proxy);
  return proxy;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null;
