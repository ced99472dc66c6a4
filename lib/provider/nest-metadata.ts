/** Where Nest keeps what `@UseGuards` was given. */
const GUARDS = '__guards__';

/** The guards written on a class or a handler, those of a base class included, as Nest reads them. */
export const guardsOf = (target: object): readonly unknown[] =>
  (Reflect.getMetadata(GUARDS, target) ?? []) as unknown[];

/** As observers wrap a method: another function with all its metadata, save that the guards may be missing. */
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
