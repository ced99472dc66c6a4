/** An own property of a value, or undefined. A polluted prototype has no effect. */
export const own = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;

/** A copy that inherits nothing: what others put on `Object.prototype` is no part of an answer, nor of our options. */
export const ownOnly = <T = Record<string, unknown>>(value: unknown): T =>
  Object.assign(Object.create(null) as object, value) as T;

/** Freezes a value and all it holds, so that what several callers share stays as it was. Throws when it is nested deeper than the limit. */
export function deepFreeze<T>(value: T, levels = Infinity): T {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) throw new TypeError('nested too deep');
  for (const part of Object.values(value)) deepFreeze(part, levels - 1);
  return Object.freeze(value);
}
