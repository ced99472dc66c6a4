const KNOWN_SCHEMES = ['PortOne', 'Bearer', 'Basic'];

/** The warning about an Authorization that the caller has set. Never shows the value, which may be a bare secret. */
export function ownAuthorization(value: unknown): string {
  const given = typeof value === 'string' ? value.trim().toLowerCase() : '';
  const scheme = KNOWN_SCHEMES.find((name) =>
    given.startsWith(`${name.toLowerCase()} `),
  );
  const kind = scheme ? `with the scheme ${scheme}` : 'of another kind';
  return (
    `A request to PortOne sets an Authorization header of its own (${given ? kind : 'without a value'}). It is sent as ` +
    'it is, without our access token, its renewal and its replay. Remove the header. If it is meant, say so: with ' +
    'portoneAuth: false on the request, or by calling the global fetch.'
  );
}
