/** For each function that Nest was given in place of a method, the names of those methods. */
const names = new WeakMap<Function, Set<string>>();

/** Remembers that Nest was given a function for a method of this name. */
export function noteName(handler: Function, method: string): void {
  names.set(handler, (names.get(handler) ?? new Set()).add(method));
}

/** Whether Nest was given a function for a method of this name. */
export const isKnownAs = (handler: Function, method: string): boolean =>
  names.get(handler)?.has(method) ?? false;

/** A method of a class as Nest finds it: the prototype where the search began, the name, and the function on the prototype. */
export interface Method {
  readonly prototype: object;
  readonly name: string;
  readonly written: Function;
}

/** The stand-ins that {@link standInFor} made, and what each stands for. */
const standIns = new WeakMap<Function, { method: Method; held: Function }>();

/**
 * A function that calls what an instance holds under the name of one method, and is known by that name. It inherits all
 * metadata from the function that is held, because Nest reads guards, pipes and status codes there.
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

/** The method that a function stands in for, and the function that it calls. */
export const standInOf = (
  handler: Function,
): { readonly method: Method; readonly held: Function } | undefined =>
  standIns.get(handler);
