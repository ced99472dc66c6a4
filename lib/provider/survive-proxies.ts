import { Sealed, unseal } from './sealed.js';

/** `Symbol.for`: another copy of this package may have made the provider. */
const ITSELF = Symbol.for('nestjs-portone-auth:itself');

/**
 * For the constructor of a class that is a provider. An observer of Nest (`instrument.instanceDecorator`) puts a Proxy before
 * every provider, and a method called on that would have the Proxy as `this`, where `#private` fields are missing. So every
 * method is bound to the instance.
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
        define(instance, name, method.bind(instance));
    }
  }
}

/** The provider without the Proxy before it. What did not call {@link surviveProxies}, as a test's stub, is what it is. */
export function itself<T extends object>(provider: T): T {
  const sealed = (provider as { [ITSELF]?: Sealed<T> })[ITSELF];
  return sealed ? unseal(sealed) : provider;
}

const define = (instance: object, name: PropertyKey, value: unknown): void => {
  Object.defineProperty(instance, name, {
    value,
    writable: true,
    configurable: true,
  });
};
