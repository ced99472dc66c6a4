/** A stable string, for a second copy of this package. */
const REQUIRED = 'nestjs-portone-auth:required';

/** Notes on the class that its method was given a requirement: a note that a method put in its place cannot lose. */
export const markRequired = (prototype: object, method: string | symbol) =>
  Reflect.defineMetadata(REQUIRED, true, prototype, method);

/** Whether this class or a base class gave the method a requirement. */
export const isMarkedRequired = (
  prototype: object,
  method: string | symbol,
): boolean => Reflect.hasMetadata(REQUIRED, prototype, method);
