/** One line of short words: nothing encoded, and nothing that could forge a log entry, has this shape. */
const PLAIN_SENTENCE =
  /^(?=.{1,160}$)[\p{L}\p{N}'"`()-]{1,15}([ .,!?]+[\p{L}\p{N}'"`()-]{1,15})*[ .,!?]*$/u;
/** So many characters in a row are no coincidence. */
const QUOTED = 6;

/** Whether a text of the other side may be shown: a plain sentence that quotes no part of what was sent. */
export function isHarmless(text: unknown, sent: string): text is string {
  if (typeof text !== 'string' || !PLAIN_SENTENCE.test(text)) return false;
  const shown = text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const secret = sent.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const length = Math.min(QUOTED, secret.length);
  for (let at = 0; at + length <= secret.length; at += 1) {
    if (shown.includes(secret.slice(at, at + length))) return false;
  }
  return true;
}
