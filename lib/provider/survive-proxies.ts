import { Sealed, unseal } from './sealed.js';

/** `Symbol.for`, because another copy of this package may have made the provider. */
const ITSELF = Symbol.for('nestjs-portone-auth:itself');

/**
 * Binds every method to the instance; called in the constructor of a provider. `instrument.instanceDecorator` of Nest may put
 * a Proxy around the provider. Then `this` of an unbound method would be the Proxy, which has no `#private` fields. The method is
 * looked up at each call, because a test's spy or a tracer may replace it on the class later.
 */
export function surviveProxies(instance: object): void {
  define(instance, ITSELF, new Sealed(instance));
  for (
    let level = Object.getPrototypeOf(instance) as object;
    level !== Object.prototype;
    level = Object.getPrototypeOf(level) as object
  ) {
    for (const name of Object.getOwnPropertyNames(level)) {
      const method: unknown = Object.getOwnPropertyDescriptor(
        level,
        name,
      )?.value;
      // The most derived method of a name comes first.
      const isNew = name !== 'constructor' && !Object.hasOwn(instance, name);
      if (isNew && typeof method === 'function')
        define(instance, name, boundTo(instance, level, name));
    }
  }
}

/** The provider without the Proxy around it. A provider that has not called {@link surviveProxies}, such as a stub, is returned unchanged. */
export function withoutProxy<T extends object>(provider: T): T {
  const sealed = (provider as { [ITSELF]?: Sealed<T> })[ITSELF];
  return sealed ? unseal(sealed) : provider;
}

const boundTo = (instance: object, level: object, name: string): unknown =>
  ({
    [name]: (...args: unknown[]): unknown =>
      Reflect.apply((level as Record<string, Function>)[name]!, instance, args),
  })[name];

const define = (instance: object, name: PropertyKey, value: unknown): void => {
  Object.defineProperty(instance, name, {
    value,
    writable: true,
    configurable: true,
  });
};
