import type { ConfigurationProblem } from '../errors/index.js';
import { nearest } from '../errors/nearest-name.js';
import { isGroup } from './option.js';

/** Says what is wrong with a value; undefined when it is good. */
type ProblemOf = (value: unknown) => string | undefined;

const agentProblem: ProblemOf = (value) =>
  isGroup(value) ? undefined : 'must be an agent of node:http or node:https';

/** The checks of `http`, by the name of the setting in lower case. */
const CHECKS = new Map<string, ProblemOf>([
  ['baseurl', () => 'does not belong here: set `baseURL`'],
  ['auth', () => 'does not belong here; the module sets it'],
  [
    'socketpath',
    () =>
      'does not belong here: a request over a socket is sent without the token; reach PortOne through a proxy or an agent',
  ],
  [
    'headers',
    (value) => {
      if (!isGroup(value)) return 'must be an object of names and values';
      return mentionsAuthorization(value)
        ? 'must not set Authorization; the module does'
        : undefined;
    },
  ],
  [
    'timeout',
    (value) =>
      Number(value) >= 0 && Number.isFinite(Number(value))
        ? undefined
        : 'must be milliseconds, such as 5_000; 0 means no limit',
  ],
  [
    'proxy',
    (value) =>
      value === false || namesHost(value)
        ? undefined
        : "must be false, a URL object (new URL('http://proxy:3128')) or { protocol: 'http', host: 'proxy', port: 3128 }",
  ],
  ['httpagent', agentProblem],
  ['httpsagent', agentProblem],
]);

/** What is wrong with `http`: settings that only the module may make, and values that axios would misunderstand. */
export function httpProblems(http: unknown): ConfigurationProblem[] {
  if (!isGroup(http)) return [];
  return Object.entries(http).flatMap(([name, value]) => {
    // axios takes null for left out, too.
    const isLeftOut = value === undefined || value === null;
    const message = isLeftOut
      ? undefined
      : (CHECKS.get(name.toLowerCase())?.(value) ?? misspelt(name));
    return message === undefined ? [] : [{ field: `http.${name}`, message }];
  });
}

/** Settings of axios with long names: a name that differs in a letter or two is a mistake. Any other unknown name is for interceptors. */
const LONG_NAMES = [
  'timeout',
  'headers',
  'adapter',
  'httpAgent',
  'httpsAgent',
  'maxRedirects',
  'maxContentLength',
  'maxBodyLength',
  'validateStatus',
  'transformRequest',
  'transformResponse',
  'paramsSerializer',
  'formSerializer',
  'beforeRedirect',
  'responseType',
  'responseEncoding',
];

/** Names that differ by more letters are probably fields of an interceptor, such as `redirects` or `serializer`. */
const MAX_EDITS = 2;

function misspelt(name: string): string | undefined {
  const meant = nearest(name, LONG_NAMES, () => MAX_EDITS);
  return meant === undefined || meant === name
    ? undefined
    : `is not a setting of axios; did you mean \`${meant}\`?`;
}

/** axios takes an object or a `URL`. In a string it finds no host, and then calls a proxy with the name `undefined`. */
function namesHost(proxy: unknown): boolean {
  if (!isGroup(proxy)) return false;
  const { hostname, host = hostname } = proxy as Record<string, unknown>;
  return typeof host === 'string' && host !== '' && !host.includes('/');
}

/** axios accepts headers directly, or in groups such as `common` and `post`; also as `Headers` or a `Map`. */
const mentionsAuthorization = (headers: unknown): boolean =>
  isGroup(headers) &&
  [...Object.entries(headers), ...pairsIn(headers)].some(
    ([name, value]) =>
      name.toLowerCase() === 'authorization' || mentionsAuthorization(value),
  );

const pairsIn = (headers: object): [string, unknown][] =>
  headers instanceof Headers || headers instanceof Map ? [...headers] : [];
