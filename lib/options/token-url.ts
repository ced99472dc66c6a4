import { isLoopback } from '../portone/loopback.js';
import { isBlank } from '../portone/secret-fault.js';

/** What is wrong with a URL for credentials or keys. The message does not show the URL, because it may hold credentials. */
export function urlProblem(value: unknown): string | undefined {
  const fault = urlFault(value);
  return (
    fault &&
    `must be an https URL (plain http for a loopback host only) without credentials, query or fragment; ${fault}`
  );
}

function urlFault(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'it is not a text';
  if (isBlank(value))
    return `it is ${value.trim() || 'empty'}: is the environment variable set, and loaded before it is read?`;
  if (/[\s"'`]/.test(value)) return 'it contains a blank or a quote: remove it';
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(value))
    return 'it does not begin with https://';
  const url = parse(value);
  if (!url) return 'its host or port is not valid';
  const isAllowedHttp = url.protocol === 'http:' && isLoopback(url);
  if (url.protocol !== 'https:' && !isAllowedHttp)
    return `it begins with ${url.protocol}//`;
  if (url.username || url.password) return 'it contains a user or a password';
  return /[?#\\]/.test(value)
    ? 'it contains a ?, a # or a backslash'
    : undefined;
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

function parse(value: unknown): URL | undefined {
  return typeof value === 'string' && URL.canParse(value)
    ? new URL(value)
    : undefined;
}
