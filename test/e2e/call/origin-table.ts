type Row = readonly [string, (own: URL) => string];

/** URLs of requests that must not carry the token. */
export const FOREIGN: readonly Row[] = [
  ['another host', () => 'http://evil.test/'],
  ['another host in capitals', () => 'HTTP://EVIL.TEST/'],
  ['no scheme', () => '//evil.test/x'],
  ['three slashes', () => '///evil.test/x'],
  ['backslashes', () => '\\\\evil.test/x'],
  ['a slash and a backslash', () => '/\\evil.test/x'],
  ['a scheme and backslashes', () => 'http:\\\\evil.test/x'],
  ['a scheme without slashes', () => 'http:evil.test/x'],
  ['a line feed in the scheme', () => 'ht\ntp://evil.test/x'],
  ['a leading space', () => ' http://evil.test/x'],
  ['a leading tab', () => '\t//evil.test/x'],
  ['our host as user', ({ origin }) => `${origin}@evil.test/`],
  ['our host as prefix', ({ origin }) => `${origin}.evil.test/`],
  ['another port', () => 'http://127.0.0.1:9/'],
  ['https for http', ({ host }) => `https://${host}/`],
  ['another name', ({ port }) => `http://localhost:${port}/`],
  ['user and password', ({ host }) => `http://a:b@${host}/`],
  ['a user', ({ host }) => `http://a@${host}/`],
  ['a password', ({ host }) => `http://:b@${host}/`],
];

/** The further allowed origin for the URLs of {@link OWN}. */
export const ALLOWED = 'https://files.portone.test';

/** URLs of requests that carry the token. */
export const OWN: readonly Row[] = [
  ['a path', () => '/payments/1?from=http://evil.test'],
  ['a path without slash', () => 'payments/1'],
  ['a path in another script', () => '/결제/1'],
  ['nothing', () => ''],
  ['a query', () => '?page=2'],
  ['our absolute URL', ({ origin }) => `${origin}/x`],
  ['our absolute URL in capitals', ({ origin }) => `${origin.toUpperCase()}/x`],
  ['an allowed origin', () => `${ALLOWED}/x`],
];
