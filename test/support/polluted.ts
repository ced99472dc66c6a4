/** Runs `work` while `Object.prototype` has these properties, so that every object inherits them. */
export async function polluted<T>(
  properties: Readonly<Record<string, unknown>>,
  work: () => Promise<T>,
): Promise<T> {
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(Object.prototype, name, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
  try {
    return await work();
  } finally {
    for (const name of Object.keys(properties))
      Reflect.deleteProperty(Object.prototype, name);
  }
}
