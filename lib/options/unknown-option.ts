import { nearest, plain } from '../errors/nearest-name.js';

/** Every option with the groups it is in, except the many of `http`, of which the most used are here. */
export const OPTIONS: readonly string[] = [
  'apiSecret',
  'baseURL',
  'allowedOrigins',
  'http',
  'http.timeout',
  'http.proxy',
  'http.httpAgent',
  'http.httpsAgent',
  'http.headers',
  'http.maxRedirects',
  'tokenTimeout',
  'eager',
  'renewal',
  'renewal.strategy',
  'renewal.background',
  'renewal.at',
  'renewal.jitter',
  'renewal.backoff',
  'renewal.backoff.initial',
  'renewal.backoff.max',
  'store',
  'telemetry',
  'permissions',
  'permissions.source',
  'permissions.bootCheck',
  'permissions.verification',
  'permissions.verification.publicKey',
  'permissions.verification.jwksUri',
  'permissions.verification.merchantId',
  'permissions.verification.storeId',
  'permissions.verification.clockTolerance',
  'permissions.verification.maxTokenAge',
  'webhook',
  'webhook.secret',
];

/** Nest needs these before a factory runs, because they change the list of providers. */
export const EXTRAS = ['isGlobal', 'name'];

/** What only `forRootAsync` takes. */
const OF_ASYNC = ['imports', 'inject', 'useFactory', 'useClass', 'useExisting'];

/** Names for an option at the top that other packages use, in the form of {@link plain}. */
const OTHER_NAMES = new Map([
  ['secret', 'apiSecret'],
  ['apikey', 'apiSecret'],
  ['secretkey', 'apiSecret'],
  ['clientsecret', 'apiSecret'],
  ['redis', 'store'],
  ['global', 'isGlobal'],
]);

/** The message for a name that is not an option of its group. */
export function unknownOption(
  name: string,
  path: string,
  siblings: readonly string[],
): string {
  if (path === '' && EXTRAS.includes(name))
    return `does not belong in what the factory returns, but beside it: forRootAsync({ ${name}: …, useFactory })`;
  if (path === '' && OF_ASYNC.includes(name))
    return 'belongs in AuthModule.forRootAsync({ … }); here are only the options themselves, such as apiSecret';
  const meant = meantOption(name, path, siblings);
  if (meant === undefined)
    return `is not an option; known here: ${siblings.join(', ')}`;
  const isOutside =
    path !== '' && !meant.includes('.') && !siblings.includes(meant);
  return `is not an option; did you mean \`${meant}\`${isOutside ? ', which is not in a group' : ''}?`;
}

/** The option that an unknown name probably means: of the same group by its name, of another one by its whole path. */
export function meantOption(
  name: string,
  path: string,
  siblings: readonly string[],
): string | undefined {
  const others = OPTIONS.filter((option) => groupOf(option) !== path);
  return (
    siblings.find((option) => isSame(option, name)) ??
    (path === '' ? OTHER_NAMES.get(plain(name)) : undefined) ??
    others.find((option) => isSame(lastOf(option), name)) ??
    nearest(name, siblings) ??
    OPTIONS.find((option) => endsLike(option, name)) ??
    siblings.find((option) => isPart(name, option)) ??
    (path === '' ? EXTRAS.find((extra) => isSame(extra, name)) : undefined)
  );
}

const groupOf = (option: string): string =>
  option.slice(0, Math.max(0, option.lastIndexOf('.')));

const lastOf = (option: string): string => option.split('.').at(-1)!;

const isSame = (one: string, other: string): boolean =>
  plain(one) === plain(other);

/** `webhookSecret` for `webhook.secret`, `backoffMax` for `renewal.backoff.max`. */
function endsLike(option: string, name: string): boolean {
  const groups = option.split('.');
  return groups
    .slice(0, -1)
    .some((_, at) => isSame(groups.slice(at).join(''), name));
}

/** `secret` for `apiSecret`, `origins` for `allowedOrigins`, `maximum` for `max`. */
function isPart(name: string, option: string): boolean {
  const [written, known] = [plain(name), plain(option)];
  return (
    (written.length >= 4 && known.includes(written)) ||
    (known.length >= 3 && written.startsWith(known))
  );
}
