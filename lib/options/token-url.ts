const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** What is wrong with a URL for credentials or keys. The message does not show the URL, because it may hold credentials. */
export function urlProblem(value: unknown): string | undefined {
  const url = parse(value);
  const isSafe =
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  return isSafe && !url.username && !url.password && !/[?#\\\s]/.test(url.given)
    ? undefined
    : 'must be an https URL (plain http for a loopback host only) without credentials, query or fragment';
}

/** What is wrong with an origin. It must have no path: the token is sent to every path, and PortOne's API has no base path. */
export function originProblem(value: unknown): string | undefined {
  if (typeof value === 'string' && value.includes('*'))
    return 'must name one origin, such as https://api.portone.io: with `*` the token could go anywhere';
  const problem = urlProblem(value);
  if (problem) return problem;
  return parse(value)?.pathname === '/'
    ? undefined
    : 'must be an origin without a path, such as https://api.portone.io: the URL of each request holds the whole path';
}

/** What is wrong with a list of origins. */
export function originsProblem(value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'must be a list of origins';
  const problems = value.map(originProblem);
  const at = problems.findIndex((problem) => problem !== undefined);
  return at < 0 ? undefined : `no. ${at + 1} ${problems[at]}`;
}

function parse(value: unknown): (URL & { readonly given: string }) | undefined {
  return typeof value === 'string' && URL.canParse(value)
    ? Object.assign(new URL(value), { given: value })
    : undefined;
}
