/** A copy that inherits nothing: what others put on `Object.prototype` is no part of an answer, nor of our options. */
export const ownOnly = <T = Record<string, unknown>>(value: unknown): T =>
  Object.assign(Object.create(null) as object, value) as T;
