/** A copy that inherits nothing: what others put on `Object.prototype` is no part of an answer. */
export const ownOnly = (value: unknown): Record<string, unknown> =>
  Object.assign(Object.create(null) as Record<string, unknown>, value);
