/** The fields of an object, those its class defines included; what others have put on `Object.prototype` was not given. */
export function givenFields<T extends object>(given: T): T {
  const fields = Object.create(null) as Record<string, unknown>;
  for (
    let level: object | null = given;
    level && level !== Object.prototype;
    level = Object.getPrototypeOf(level) as object | null
  ) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (name === 'constructor' || name in fields) continue;
      fields[name] = (given as Record<string, unknown>)[name];
    }
  }
  return fields as T;
}
