import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { originProblem } from '../../options/token-url.js';
import { CliError } from './cli-error.js';
import type { CommandOptions, Given } from './command.js';
import type { Terminal } from './terminal.js';

/** The default of the module's `baseURL`. */
const PORTONE = 'https://api.portone.io';

/** The options of commands that call PortOne. None takes the secret, because every process of a machine can read arguments. */
export const SETTINGS = {
  'base-url': {
    type: 'string',
    value: 'URL',
    about: `the API to call (or PORTONE_API_BASE_URL); ${PORTONE} by default`,
  },
  // Not named --env-file, because Node 20 reads that option itself, at any position.
  dotenv: {
    type: 'string',
    value: 'FILE',
    about:
      'a file of variables; .env of this folder by default, if there is one',
  },
} as const satisfies CommandOptions;

/** Variables, and where they come from. */
export interface Variables {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file that was read; undefined when there is none. */
  readonly file: string | undefined;
}

/** The variables of the environment and of the file; the environment wins. Throws {@link CliError} for an unreadable --dotenv. */
export async function readVariables(
  given: Given<typeof SETTINGS>,
  { env, folder }: Terminal,
): Promise<Variables> {
  const file = given.dotenv ?? '.env';
  const text = await readFile(resolve(folder, file), 'utf8').catch(
    () => undefined,
  );
  if (text !== undefined) return { env: { ...parseEnv(text), ...env }, file };
  if (given.dotenv === undefined) return { env, file: undefined };
  throw new CliError(`--dotenv names ${file}, which cannot be read.`, 2);
}

/** The address of the API, from the option or from PORTONE_API_BASE_URL. Throws {@link CliError} that does not show the value. */
export function baseUrlOf(
  given: Given<typeof SETTINGS>,
  { env }: Variables,
): URL {
  const option = given['base-url'];
  const value = option ?? (env['PORTONE_API_BASE_URL'] || PORTONE);
  const problem = originProblem(value);
  if (!problem) return new URL(value);
  throw option === undefined
    ? new CliError(`PORTONE_API_BASE_URL ${problem}.`)
    : new CliError(`--base-url ${problem}.`, 2);
}
