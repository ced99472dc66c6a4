import { nearest, plain } from './nearest-name.js';

/** The options that are not at the top level, with their groups. */
const ELSEWHERE: readonly string[] = [
  'renewal.strategy',
  'renewal.background',
  'renewal.at',
  'renewal.jitter',
  'renewal.backoff',
  'renewal.backoff.initial',
  'renewal.backoff.max',
  'permissions.source',
  'permissions.bootCheck',
  'permissions.verification',
  'permissions.verification.publicKey',
  'permissions.verification.jwksUri',
  'permissions.verification.merchantId',
  'permissions.verification.storeId',
  'permissions.verification.clockTolerance',
  'permissions.verification.maxTokenAge',
  'http.timeout',
  'http.proxy',
  'http.httpAgent',
  'http.httpsAgent',
  'http.headers',
  'http.maxRedirects',
];

/** Nest needs these before a factory runs, because they change the list of providers. */
const EXTRAS = ['isGlobal', 'name'];

/** The message for a name that is not an option of its group. */
export function unknownOption(
  name: string,
  path: string,
  siblings: readonly string[],
): string {
  if (path === '' && EXTRAS.includes(name))
    return `does not belong in what the factory returns, but beside it: forRootAsync({ ${name}: …, useFactory })`;
  const meant =
    nearest(name, siblings) ??
    ELSEWHERE.find((option) => isSame(lastOf(option), name)) ??
    siblings.find((option) => isPart(name, option));
  return meant === undefined
    ? `is not an option; known here: ${siblings.join(', ')}`
    : `is not an option; did you mean \`${meant}\`?`;
}

const lastOf = (option: string): string => option.split('.').at(-1)!;

const isSame = (one: string, other: string): boolean =>
  plain(one) === plain(other);

/** `secret` for `apiSecret`, `origins` for `allowedOrigins`. */
const isPart = (name: string, option: string): boolean =>
  plain(name).length >= 4 && plain(option).includes(plain(name));
