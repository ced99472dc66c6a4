/** Typical faults of a copied and pasted secret. PortOne's secrets contain none of these. */
const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/[\r\n]/, 'it contains a line break; remove it'],
  [/^["'`\u2018-\u201f]|["'`\u2018-\u201f]$/, 'it is in quotes; remove them'],
  [
    /^(portone|bearer|basic)\s/i,
    "it begins with the scheme of an Authorization header, such as 'PortOne '; remove that",
  ],
  [/[\s\u200b\u2060]/, 'it contains whitespace; remove it'],
];

/** What is visibly wrong with an API secret, and how to correct it. No character of the secret is shown. */
export const secretFault = (secret: string): string | undefined =>
  FAULTS.find(([pattern]) => pattern.test(secret))?.[1];
