/** For each function that Nest calls in place of a method: the names of those methods. */
const names = new WeakMap<Function, Set<string>>();

/** Remembers that Nest calls a function in place of the method with this name. */
export function noteName(handler: Function, method: string): void {
  names.set(handler, (names.get(handler) ?? new Set()).add(method));
}

/** Whether Nest calls a function in place of the method with this name. */
export const isKnownAs = (handler: Function, method: string): boolean =>
  names.get(handler)?.has(method) ?? false;

/** A method of a class, as Nest finds it. */
export interface Method {
  /** Where Nest began to look; the method may be inherited. */
  readonly prototype: object;
  readonly name: string;
  /** The function on the prototype. */
  readonly written: Function;
}

/** For each function that {@link standInFor} made: the method, and the function that is really called. */
const standIns = new WeakMap<Function, { method: Method; held: Function }>();

/**
 * Makes a new function that calls `held`, which an instance holds under the name of a method. From the new function a guard
 * can tell which method is called. It inherits the metadata of `held`, where Nest reads guards, pipes and status codes.
 */
export function standInFor(
  instance: object,
  held: Function,
  method: Method,
): Function {
  const { [method.name]: standIn } = {
    [method.name]: (...args: unknown[]): unknown =>
      Reflect.apply(held, instance, args),
  };
  Object.setPrototypeOf(standIn, held);
  standIns.set(standIn!, { method, held });
  return standIn!;
}

/** What {@link standInFor} was given for a function; undefined for any other function. */
export const standInOf = (
  handler: Function,
): { readonly method: Method; readonly held: Function } | undefined =>
  standIns.get(handler);
