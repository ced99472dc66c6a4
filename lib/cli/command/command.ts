import type { Terminal } from './terminal.js';

/** One option of a command: what `parseArgs` of node:util needs, and what `--help` says. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  /** The placeholder for the value in `--help`, such as PORT. */
  readonly value?: string;
  readonly about: string;
}

export type CommandOptions = Readonly<Record<string, CommandOption>>;

/** What was given for each option; undefined where an option was not given. */
export type Given<Options extends CommandOptions> = {
  readonly [name in keyof Options]?: Options[name]['multiple'] extends true
    ? readonly string[]
    : Options[name]['type'] extends 'boolean'
      ? boolean
      : string;
};

/** A command of the command line. */
export interface Command<Options extends CommandOptions = CommandOptions> {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What `--help` says below the options. */
  readonly notes: readonly string[];
  readonly options: Options;
  /** Resolves with the exit code. Throws {@link CliError} for a failure that one sentence explains. */
  run(given: Given<Options>, terminal: Terminal): Promise<number>;
}

/** A command whose `run` is typed by its own options. */
export const command = <const Options extends CommandOptions>(
  written: Command<Options>,
): Command => written as unknown as Command;
