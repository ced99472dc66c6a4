import { types } from 'node:util';

/** Another error with the same class, fields and stack, all of them writable. */
export function copyError<T extends object>(error: T): T {
  const prototype = Object.getPrototypeOf(error) as object;
  // The copy of a native error must be native too, because loggers and debuggers check that. Under Jest, Node's own errors are
  // of another realm, so `instanceof` does not know them.
  const copy = (
    types.isNativeError(error)
      ? Object.setPrototypeOf(new Error(), prototype)
      : Object.create(prototype)
  ) as T;
  for (const key of Reflect.ownKeys(error)) {
    if (key === 'stack') continue;
    const descriptor = Object.getOwnPropertyDescriptor(error, key)!;
    Object.defineProperty(copy, key, {
      ...descriptor,
      ...('value' in descriptor && { writable: true }),
      configurable: true,
    });
  }
  if (types.isNativeError(error) && error.stack)
    (copy as unknown as Error).stack = error.stack;
  return copy;
}
