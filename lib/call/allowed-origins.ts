/** The origins of `baseURL` and `allowedOrigins`: the only ones that may receive the token. */
export const allowedOriginsOf = (
  baseURL: string,
  allowedOrigins: readonly string[],
): ReadonlySet<string> =>
  new Set([baseURL, ...allowedOrigins].map((url) => new URL(url).origin));

/** Whether a request to this URL may carry the token. A URL with a user name may not: `https://api.portone.io@evil.test` goes to evil.test. */
export const mayCarryToken = (
  url: URL,
  allowed: ReadonlySet<string>,
): boolean =>
  allowed.has(url.origin) && url.username === '' && url.password === '';
