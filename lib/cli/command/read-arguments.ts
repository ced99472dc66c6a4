import { parseArgs } from 'node:util';
import { nearest } from '../../errors/nearest-name.js';
import { wrongUsage, type CliError } from './cli-error.js';
import type { Command, CommandOptions } from './command.js';

/** Options that every command has. */
export const COMMON: CommandOptions = {
  help: { type: 'boolean', short: 'h', about: 'show this help' },
  version: {
    type: 'boolean',
    short: 'v',
    about: 'show the version of the package',
  },
};

type Values = Readonly<
  Record<string, string | boolean | readonly (string | boolean)[] | undefined>
>;

/**
 * Reads the options of a command. Throws {@link CliError} with exit code 2. Its message never repeats a value, because that may be
 * a secret pasted into the wrong place.
 */
export function readArguments(command: Command, args: string[]): Values {
  const options = { ...COMMON, ...command.options };
  try {
    return { ...parseArgs({ args, options, strict: true }).values };
  } catch (error) {
    throw wrongArguments(command.name, options, args, error);
  }
}

function wrongArguments(
  name: string,
  options: CommandOptions,
  args: string[],
  error: unknown,
): CliError {
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional')
      return wrongUsage(
        `\`${name}\` takes options only, and was given an argument; see \`${name} --help\`.`,
      );
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(options, token.name)
      ? options[token.name]
      : undefined;
    if (!option) return wrongUsage(unknown(name, token.rawName, options));
    if (option.type === 'boolean' && token.value !== undefined)
      return wrongUsage(`${token.rawName} takes no value.`);
    if (option.type === 'string' && isMissing(token))
      return wrongUsage(
        `${token.rawName} needs a value: --${token.name}=${option.value ?? 'VALUE'}`,
      );
  }
  throw error;
}

/** parseArgs rejects `--clock -5m`, because that could be two options. */
const isMissing = (token: {
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}): boolean =>
  token.value === undefined || (!token.inlineValue && /^-./.test(token.value));

function unknown(
  name: string,
  rawName: string,
  options: CommandOptions,
): string {
  const known = Object.keys(options);
  const meant = nearest(rawName.replace(/^-+/, ''), known);
  const cure = meant
    ? `did you mean --${meant}?`
    : `see \`${name} --help\`; known here: ${known.map((each) => `--${each}`).join(', ')}`;
  return `${rawName} is not an option of \`${name}\`; ${cure}`;
}
