/** An own property of a value, or undefined. A polluted prototype has no effect. */
export const own = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;

/** A copy without a prototype, so that nothing from a polluted `Object.prototype` counts as part of an answer or of options. */
export const ownOnly = <T = Record<string, unknown>>(value: unknown): T =>
  Object.assign(Object.create(null) as object, value) as T;

/** Freezes a value and everything in it, because several callers share it. Throws TypeError when it is nested too deep. */
export function deepFreeze<T>(value: T, levels = Infinity): T {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) throw new TypeError('nested too deep');
  for (const part of Object.values(value)) deepFreeze(part, levels - 1);
  return Object.freeze(value);
}
