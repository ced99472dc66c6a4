import { Sealed, unseal } from './sealed.js';

/** `Symbol.for`, because another copy of this package may have made the provider. */
const ITSELF = Symbol.for('nestjs-portone-auth:itself');

/**
 * Binds every method to the instance; called in the constructor of a provider. `instrument.instanceDecorator` of Nest may put
 * a Proxy around the provider. Then `this` of an unbound method would be the Proxy, which has no `#private` fields.
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

/** The provider without the Proxy around it. A provider that has not called {@link surviveProxies}, such as a stub, is returned unchanged. */
export function withoutProxy<T extends object>(provider: T): T {
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
