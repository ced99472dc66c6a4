/** The metadata key under which Nest keeps the guards of `@UseGuards`. */
const GUARDS = '__guards__';

/** The guards written on a class or a handler, those of a base class included, as Nest reads them. */
export const guardsOf = (target: object): readonly unknown[] =>
  (Reflect.getMetadata(GUARDS, target) ?? []) as unknown[];

/** Whether a function wraps a method as observers do: another function with all of its metadata, except that the guards may be missing. */
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
