/** Where Nest keeps what `@UseGuards` was given. */
const GUARDS = '__guards__';

/** The guards Nest runs for a class or a handler; those of a base class included, as Nest does. */
export const guardsOf = (target: object): readonly unknown[] =>
  (Reflect.getMetadata(GUARDS, target) ?? []) as unknown[];
