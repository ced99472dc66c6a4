/** Typical faults of a copied and pasted secret. PortOne's secrets contain none of these. */
const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/[\r\n]/, 'it contains a line break; remove it'],
  [/^["'`\u2018-\u201f]|["'`\u2018-\u201f]$/, 'it is in quotes; remove them'],
  [
    /^(authorization\s*:|(portone|bearer|basic)\s)/i,
    "it begins with the scheme of an Authorization header, such as 'PortOne '; remove that",
  ],
  [
    /^(export\s+)?[A-Z]+(_[A-Z0-9]+)+\s*=/,
    'it begins with the name of a variable; remove the name and the =',
  ],
  [
    /^\$\{?\w|^<.*>$|^\{\{|^%\w+%$|^\[object \w+\]$/,
    'it is a placeholder or the text of an object, and was not replaced by the secret',
  ],
  [/^whsec_/, 'it is a webhook secret, which belongs in `webhook.secret`'],
  [/[\s\u200b\u2060]/, 'it contains whitespace; remove it'],
  [/\p{C}/u, 'it contains an invisible character; copy it again'],
  [/[;,]$/, 'it ends with a `;` or `,` that was copied with it; remove that'],
];

/** What is visibly wrong with an API secret, and how to correct it. No character of the secret is shown. */
export const secretFault = (secret: string): string | undefined =>
  FAULTS.find(([pattern]) => pattern.test(secret))?.[1];

/** Whether a text stands for no value: template strings and `String()` make such texts of a variable that is not set. */
export const isBlank = (text: string): boolean =>
  ['', 'undefined', 'null'].includes(text.trim());
