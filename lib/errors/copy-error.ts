import { types } from 'node:util';

/** A copy of an error: the same class, fields and stack. All its fields are writable. */
export function copyError<T extends object>(error: T): T {
  const prototype = Object.getPrototypeOf(error) as object;
  // The copy of a native error must be native too, because loggers and debuggers check that. `instanceof` cannot tell it under
  // Jest, where Node's own errors belong to another realm.
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
