const KNOWN_SCHEMES = ['PortOne', 'Bearer', 'Basic'];

/** The warning about an Authorization header that the caller has set. It never shows the value, which may be the secret itself. */
export function ownAuthorization(value: unknown): string {
  const given = typeof value === 'string' ? value.trim().toLowerCase() : '';
  const scheme = KNOWN_SCHEMES.find((name) =>
    given.startsWith(`${name.toLowerCase()} `),
  );
  const kind = scheme ? `with the scheme ${scheme}` : 'with an unknown scheme';
  return (
    `A request to PortOne sets an Authorization header of its own (${given ? kind : 'without a value'}). It is sent ` +
    'unchanged: without our access token, and without a renewal and a replay after a 401. Remove the header. If it is ' +
    'intended, set portoneAuth: false on the request, or call the global fetch.'
  );
}
