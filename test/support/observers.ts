/** Values that work only on themselves: a Proxy of one has not its internal slots. */
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

/** What every iterator inherits from. */
const ITERATOR = Object.getPrototypeOf(
  Object.getPrototypeOf([].values()),
) as object;

const isNative = (value: object): boolean =>
  NATIVE.some((type) => value instanceof type) ||
  Object.prototype.isPrototypeOf.call(ITERATOR, value);

/** Whether a Proxy can stand before it; a class is constructed, not called. */
const isWrappable = (value: unknown): value is object =>
  typeof value === 'function'
    ? !String(value).startsWith('class')
    : typeof value === 'object' && value !== null && !isNative(value);

/** Nest looks for guards in the metadata of what a controller answers for a handler's name. */
function keepMetadata<T extends object>(from: T, to: T): T {
  for (const key of Reflect.getMetadataKeys(from) as string[])
    Reflect.defineMetadata(key, Reflect.getMetadata(key, from), to);
  return to;
}

const proxies = new WeakMap<object, object>();

/**
 * A Proxy around a provider that answers every object, every function and every result of a call as a Proxy of the same kind. A
 * method called on it has the Proxy as `this`.
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

/** A Proxy around a provider that answers another function for each of its functions, and calls it on the Proxy. */
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
