import { types } from 'node:util';

/** A copy of an error: the same class, fields and stack. All its fields are writable. */
export function copyError<T extends object>(error: T): T {
  const copy = emptyCopy(error) as T;
  for (const key of Reflect.ownKeys(error)) {
    if (key === 'stack') continue;
    const descriptor = Object.getOwnPropertyDescriptor(error, key)!;
    Object.defineProperty(copy, key, {
      ...descriptor,
      ...('value' in descriptor && { writable: true }),
      configurable: true,
    });
  }
  if (isError(error) && error.stack)
    (copy as unknown as Error).stack = error.stack;
  return copy;
}

/** An error of any realm. A DOMException is a native error in some versions of Node only. */
export const isError = (value: unknown): value is Error =>
  types.isNativeError(value) || isDOMException(value);

const isDOMException = (value: unknown): value is DOMException =>
  Object.prototype.toString.call(value) === '[object DOMException]';

function emptyCopy(error: object): object {
  // Its name, message and code are in slots that no property reaches.
  if (isDOMException(error)) return new DOMException(error.message, error.name);
  const prototype = Object.getPrototypeOf(error) as object;
  // The copy of a native error must be native too, because loggers and debuggers check that. `instanceof` cannot tell it under
  // Jest, where Node's own errors belong to another realm.
  return types.isNativeError(error)
    ? (Object.setPrototypeOf(new Error(), prototype) as object)
    : (Object.create(prototype) as object);
}
