/** The metadata key under which Nest keeps the guards of `@UseGuards`. */
const GUARDS = '__guards__';

/** The guards written on a class or a handler, those of a base class included, as Nest reads them. */
export const guardsOf = (target: object): readonly unknown[] =>
  (Reflect.getMetadata(GUARDS, target) ?? []) as unknown[];

/** Whether a function is a copy that an observer made of a method: it has all metadata of the method, perhaps without the guards. */
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
