/** Classes whose methods need internal slots, so they do not work on a Proxy. */
const NATIVE = [
  Map,
  Set,
  WeakMap,
  WeakSet,
  Date,
  RegExp,
  URL,
  AbortSignal,
  Response,
];

/** The prototype of all iterators. */
const ITERATOR = Object.getPrototypeOf(
  Object.getPrototypeOf([].values()),
) as object;

const isNative = (value: object): boolean =>
  NATIVE.some((type) => value instanceof type) ||
  Object.prototype.isPrototypeOf.call(ITERATOR, value);

/** Whether a value may be wrapped in a Proxy. Classes are not wrapped, because they are constructed and not called. */
const isWrappable = (value: unknown): value is object =>
  typeof value === 'function'
    ? !String(value).startsWith('class')
    : typeof value === 'object' && value !== null && !isNative(value);

/** Copies metadata. Nest reads a handler's guards from the metadata of the function that the controller gives. */
function keepMetadata<T extends object>(from: T, to: T): T {
  for (const key of Reflect.getMetadataKeys(from) as string[])
    Reflect.defineMetadata(key, Reflect.getMetadata(key, from), to);
  return to;
}

const proxies = new WeakMap<object, object>();

/**
 * Wraps a provider in a Proxy, and in the same way every object and function that it gives and every result of a call. A
 * method that is called on the Proxy has the Proxy as `this`.
 */
export function wrapAll<T>(value: T): T {
  if (value instanceof Promise) return value.then(wrapAll) as T;
  if (!isWrappable(value)) return value;
  const known = proxies.get(value);
  if (known) return known as T;
  const proxy = new Proxy(value, {
    get: (target, key, receiver) => {
      const found: unknown = Reflect.get(target, key, receiver);
      return key === 'constructor' || key === 'prototype'
        ? found
        : wrapAll(found);
    },
    apply: (target, self, given) =>
      wrapAll(Reflect.apply(target as unknown as Function, self, given)),
  });
  proxies.set(value, proxy).set(proxy, proxy);
  return keepMetadata(value, proxy) as T;
}

/** Wraps a provider in a Proxy that gives a new function each time one of its methods is read. The Proxy is `this` in a call. */
export const wrapMethods = <T>(value: T): T =>
  isWrappable(value)
    ? (new Proxy(value, {
        get: (target, key, receiver) => {
          const found: unknown = Reflect.get(target, key, receiver);
          return typeof found === 'function' && key !== 'constructor'
            ? keepMetadata(found, new Proxy(found, {}))
            : found;
        },
      }) as T)
    : value;
