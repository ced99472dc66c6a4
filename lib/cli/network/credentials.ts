/** User and password of a URL, decoded. */
export function credentialsOf({ username, password }: URL): {
  readonly user: string;
  readonly password: string;
} {
  return { user: decoded(username), password: decoded(password) };
}

/** A `%` that starts no valid escape stays as it is, because passwords are often pasted without encoding. */
const decoded = (text: string): string =>
  text.replace(/(%[\da-f]{2})+/gi, (codes) => {
    try {
      return decodeURIComponent(codes);
    } catch {
      return codes;
    }
  });
