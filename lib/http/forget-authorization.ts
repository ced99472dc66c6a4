/** Deletes an Authorization in any spelling from a plain map of headers. */
export function forgetAuthorization(headers: unknown): void {
  if (typeof headers !== 'object' || headers === null) return;
  for (const name of Object.keys(headers)) {
    if (name.toLowerCase() === 'authorization')
      Reflect.deleteProperty(headers, name);
  }
}
