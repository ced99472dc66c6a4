const LEAST = 16;
const MOST = 256;

/** What a string of RFC 8941 can hold: from the space to `~`. */
const PRINTABLE_ASCII = /^[ -~]*$/;

/**
 * The value of the header `Idempotency-Key` for a text of yours. Under one key PortOne does POST, PUT, PATCH and DELETE once,
 * and gives the same answer again for 3 hours. The same text gives the same key.
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
      'Idempotency-Key: PortOne takes printable ASCII only. Of another text give a digest, such as ' +
        "createHash('sha256').update(text).digest('hex').",
    );
  if (text.length < LEAST || text.length > MOST)
    throw new RangeError(
      `Idempotency-Key: PortOne takes ${LEAST} to ${MOST} characters; this text has ${text.length}. ` +
        (text.length < LEAST
          ? 'Say in it what the request is for, such as `refund:${orderId}:1`.'
          : "Give a digest of it, such as createHash('sha256').update(text).digest('hex')."),
    );
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
