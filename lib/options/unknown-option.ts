/** Where each option stands that is not at the top. */
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

/** What changes the provider list: Nest needs it before a factory runs. */
const EXTRAS = ['isGlobal', 'name'];

/** What to do about a name that is no option of its group. */
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

const plain = (name: string): string =>
  name.toLowerCase().replaceAll(/[_-]/g, '');

const isSame = (one: string, other: string): boolean =>
  plain(one) === plain(other);

/** `secret` for `apiSecret`, `origins` for `allowedOrigins`. */
const isPart = (name: string, option: string): boolean =>
  plain(name).length >= 4 && plain(option).includes(plain(name));

/** The name that takes the fewest keystrokes from the given one, if that is a third of its length at most. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((option) => ({ option, far: distance(plain(name), plain(option)) }))
    .sort((one, other) => one.far - other.far);
  return best && best.far <= Math.ceil(best.option.length / 4)
    ? best.option
    : undefined;
}

/** Levenshtein's: how many letters must be put in, taken out or changed. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [above, letter] of [...from].entries()) {
    const next = [above + 1];
    for (const [at, other] of [...to].entries())
      next.push(
        Math.min(
          row[at + 1]! + 1,
          next[at]! + 1,
          row[at]! + (letter === other ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1)!;
}
