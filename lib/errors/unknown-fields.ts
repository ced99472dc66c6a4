import type { ConfigurationProblem } from './auth-configuration.error.js';
import { nearest, plain } from './nearest-name.js';

/** A problem for each field of an object that is not a known one, with the known name that it probably means. */
export const unknownFields = (
  given: object,
  known: readonly string[],
): ConfigurationProblem[] =>
  Object.keys(given)
    .filter((field) => !known.includes(field))
    .map((field) => {
      const meant =
        nearest(field, known) ??
        known.find((name) => plain(field).includes(plain(name)));
      const message =
        meant === undefined
          ? `is not an option; known here: ${known.join(', ')}`
          : `is not an option; did you mean \`${meant}\`?`;
      return { field, message };
    });
