import type { Command, CommandOption, CommandOptions } from './command.js';
import { COMMON } from './read-arguments.js';

/** How the commands are started; `npx` finds the `bin` of the package. */
export const PROGRAM = 'npx nestjs-portone-auth';

export const helpOfAll = (commands: readonly Command[]): string =>
  [
    `Usage: ${PROGRAM} COMMAND [options]`,
    '',
    'Commands:',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    'Options:',
    ...optionLines(COMMON),
    '',
    `${PROGRAM} COMMAND --help describes a command.`,
  ].join('\n');

export const helpOf = ({ name, summary, options, notes }: Command): string =>
  [
    `Usage: ${PROGRAM} ${name} [options]`,
    '',
    `${summary[0]!.toUpperCase()}${summary.slice(1)}.`,
    '',
    'Options:',
    ...optionLines({ ...options, ...COMMON }),
    '',
    ...notes,
  ].join('\n');

const optionLines = (options: CommandOptions): string[] =>
  columns(
    Object.entries(options).map(([name, option]) => [
      usageOf(name, option),
      `${option.about}${option.multiple ? '; may be repeated' : ''}`,
    ]),
  );

const usageOf = (name: string, { short, value }: CommandOption): string =>
  `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`;

/** Lines of two columns, the second one aligned. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([first = '']) => first.length));
  return rows.map(([first = '', second = '']) =>
    `  ${first.padEnd(width)}  ${second}`.trimEnd(),
  );
}
