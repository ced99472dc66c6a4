/** The metadata key under which Nest keeps the guards of `@UseGuards`. */
const GUARDS = '__guards__';

/** The guards on a class or a handler, with those of a base class, as Nest reads them. */
export const guardsOf = (target: object): readonly unknown[] =>
  (Reflect.getMetadata(GUARDS, target) ?? []) as unknown[];

/** Whether a function is a copy of a method, made by an instrumentation: it has all metadata of the method, except perhaps the guards. */
export function isFunctionCopy(copy: object, original: object): boolean {
  const keys = Reflect.getOwnMetadataKeys(original).filter(
    (key) => key !== GUARDS,
  );
  return (
    keys.length > 0 &&
    keys.every(
      (key) =>
        Reflect.getOwnMetadata(key, copy) ===
        Reflect.getOwnMetadata(key, original),
    )
  );
}
