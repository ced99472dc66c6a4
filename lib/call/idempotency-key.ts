const MIN_LENGTH = 16;
const MAX_LENGTH = 256;

/** What a string of RFC 8941 can hold: from the space to `~`. */
const PRINTABLE_ASCII = /^[ -~]*$/;

/**
 * Makes the value of the header `Idempotency-Key` from your text. The same text gives the same key. PortOne executes a POST, PUT,
 * PATCH or DELETE once for each key, and repeats its answer for 3 hours.
 *
 * The rule is PortOne's: 16 to 256 ASCII characters in double quotes, a string of RFC 8941, so `"` and `\` are escaped. The
 * characters of `text` count, not the quotes.
 *
 * @example http.post(url, body, { headers: { 'Idempotency-Key': idempotencyKey(`refund:${orderId}:${n}`) } })
 * @throws TypeError when `text` is no string; RangeError when it is too short, too long or not ASCII. Neither error shows the text
 */
export function idempotencyKey(text: string): string {
  if (typeof text !== 'string')
    throw new TypeError(
      `Idempotency-Key: the text must be a string, not ${text === null ? 'null' : typeof text}.`,
    );
  if (!PRINTABLE_ASCII.test(text))
    throw new RangeError(
      'Idempotency-Key: PortOne accepts printable ASCII only. For another text, pass a digest of it, such as ' +
        "createHash('sha256').update(text).digest('hex').",
    );
  if (text.length < MIN_LENGTH || text.length > MAX_LENGTH)
    throw new RangeError(
      `Idempotency-Key: PortOne accepts ${MIN_LENGTH} to ${MAX_LENGTH} characters; this text has ${text.length}. ` +
        (text.length < MIN_LENGTH
          ? 'Describe the request in it, such as `refund:${orderId}:1`.'
          : "Pass a digest of it, such as createHash('sha256').update(text).digest('hex')."),
    );
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
