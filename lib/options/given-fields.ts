import type { ConfigurationProblem } from '../errors/index.js';

/**
 * The fields of an object, those its class defines included; none of what is no object. What others have put on
 * `Object.prototype` was not given, nor was what is undefined: a setting that nobody has set.
 */
export function givenFields<T extends object>(given: T | undefined): T {
  const fields = Object.create(null) as Record<string, unknown>;
  for (
    let level: object | null = isGroup(given) ? given : null;
    level && level !== Object.prototype;
    level = Object.getPrototypeOf(level) as object | null
  ) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (name === 'constructor' || name in fields) continue;
      const value = (given as Record<string, unknown>)[name];
      if (value !== undefined) fields[name] = value;
    }
  }
  return fields as T;
}

/** Whether further options can stand in it. */
export const isGroup = (given: unknown): given is object =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

/** A misspelt option would be none. */
export const unknownFields = (
  given: unknown,
  known: readonly string[],
  path = '',
): ConfigurationProblem[] =>
  Object.keys(Object(given) as object)
    .filter((field) => !known.includes(field))
    .map((field) => ({
      field: `${path}${field}`,
      message: 'is not an option',
    }));
