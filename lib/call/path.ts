/** A value in a path. Not `undefined`, `null` or an object: it would be sent as a text such as `undefined` or `[object Object]`. */
export type PathValue = string | number | bigint;

/** `.` and `..`, also with encoded dots. Every URL parser removes them; `..` removes the segment before it, too. */
const DOT_SEGMENT = /^(\.|%2e){1,2}$/i;

/**
 * A path of PortOne's API in which every value stays one segment.
 *
 * In a plain template string, an id such as `..%2F..%2Fstores` or `x/cancel` sends the request, with our token, to another
 * endpoint. Here each value is encoded. An empty value, `.` and `..` throw, because no encoding keeps them one segment. Values
 * after a `?` are encoded too, and may be empty.
 *
 * @example http.get(path`/payments/${paymentId}`)
 * @throws URIError when a value cannot be one segment, or the path does not begin with exactly one `/`. It shows no value
 */
export function path(
  literals: TemplateStringsArray,
  ...values: readonly PathValue[]
): string {
  const fail = (problem: string): never => {
    throw new URIError(`path\`${literals.join('${…}')}\`: ${problem}`);
  };
  let built = literals[0] ?? '';
  values.forEach((value, at) => {
    const text = encoded(value);
    if (text === undefined || (text === '' && !built.includes('?')))
      fail(`value ${at + 1} is empty or not text that a URL can hold`);
    built += `${text}${literals[at + 1]}`;
  });
  if (!/^\/(?![/\\])/.test(built)) fail('a path must begin with exactly one /');
  const [segments = ''] = built.split(/[?#]/);
  if (segments.split(/[/\\]/).some((segment) => DOT_SEGMENT.test(segment)))
    fail('a segment is . or .., which leads to another path');
  return built;
}

function encoded(value: unknown): string | undefined {
  const isText =
    typeof value === 'string' ||
    typeof value === 'bigint' ||
    Number.isFinite(value);
  try {
    return isText ? encodeURIComponent(String(value)) : undefined;
  } catch {
    // Half of a surrogate pair cannot be encoded.
    return undefined;
  }
}
