/** A stable string, for a second copy of this package. */
const REQUIRED = 'nestjs-portone-auth:required';

/** Counts on the class what its method was given: a note that a method put in its place cannot lose. */
export function markRequired(prototype: object, method: string | symbol): void {
  const before = Reflect.getOwnMetadata(REQUIRED, prototype, method) as unknown;
  const times = (typeof before === 'number' ? before : 0) + 1;
  Reflect.defineMetadata(REQUIRED, times, prototype, method);
}

/** How many requirements this class, or the nearest base class that gave it any, gave the method. */
export const timesRequired = (
  prototype: object,
  method: string | symbol,
): number =>
  (Reflect.getMetadata(REQUIRED, prototype, method) as number | undefined) ?? 0;
