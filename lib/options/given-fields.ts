/**
 * What an object of options gives: its own fields and those of its class, such as getters. Methods of a class do not count, and
 * neither does anything on `Object.prototype`, where a polluted field would count for every app.
 */
export function fieldsOf(given: object): Record<string, unknown> {
  const values = given as Record<string, unknown>;
  const fields = Object.create(null) as Record<string, unknown>;
  for (const level of levelsOf(given))
    for (const [name, field] of Object.entries(
      Object.getOwnPropertyDescriptors(level),
    ))
      if (
        !(name in fields) &&
        (field.enumerable || Object.hasOwn(field, 'get'))
      )
        fields[name] = values[name];
  return fields;
}

/** Whether the object was made by a class. It may have fields that are no options, such as what its constructor was given. */
export const hasClass = (given: object): boolean =>
  [...levelsOf(given)].length > 1;

/** The object and its prototypes, without the last one, which is `Object.prototype`. */
function* levelsOf(given: object): Generator<object> {
  let level = given;
  do {
    yield level;
    level = Object.getPrototypeOf(level) as object;
  } while (level && Object.getPrototypeOf(level) !== null);
}
