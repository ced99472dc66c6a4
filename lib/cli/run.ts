import { readFile } from 'node:fs/promises';
import { nearest } from '../errors/nearest-name.js';
import { failedConnection } from '../portone/failed-connection.js';
import { CliError, wrongUsage } from './command/cli-error.js';
import type { Command } from './command/command.js';
import { doctor } from './doctor/doctor.command.js';
import { emulator } from './emulator/emulator.command.js';
import { helpOf, helpOfAll } from './command/help.js';
import { COMMON, readArguments } from './command/read-arguments.js';
import type { Terminal } from './command/terminal.js';
import { whoami } from './whoami/whoami.command.js';

const COMMANDS: readonly Command[] = [emulator, whoami, doctor];

/** Runs the command that the arguments name. Resolves with the exit code: 0, 1, or 2 when the command line is wrong. */
export async function run(args: string[], terminal: Terminal): Promise<number> {
  try {
    return await runCommand(args, terminal);
  } catch (error) {
    terminal.warn(sentenceOf(error));
    return error instanceof CliError ? error.exitCode : 1;
  }
}

async function runCommand(
  [first, ...rest]: string[],
  terminal: Terminal,
): Promise<number> {
  if (first === undefined) throw wrongUsage(helpOfAll(COMMANDS));
  if (first === 'help') return printHelp(rest[0], terminal);
  if (first.startsWith('-')) {
    const given = readArguments(PROGRAM_ITSELF, [first, ...rest]);
    return given['version']
      ? printVersion(terminal)
      : printHelp(undefined, terminal);
  }
  const command = find(first);
  const given = readArguments(command, rest);
  if (given['help']) return printHelp(first, terminal);
  if (given['version']) return printVersion(terminal);
  return command.run(given as Parameters<Command['run']>[0], terminal);
}

/** Stands in for the command when only options are given, such as `--version`. */
const PROGRAM_ITSELF: Command = {
  name: 'nestjs-portone-auth',
  summary: '',
  notes: [],
  options: COMMON,
  run: async () => 0,
};

function find(name: string): Command {
  const command = COMMANDS.find((each) => each.name === name);
  if (command) return command;
  const names = COMMANDS.map((each) => each.name);
  const meant = nearest(name, names);
  throw wrongUsage(
    meant
      ? `There is no such command; did you mean \`${meant}\`?`
      : `There is no such command; the commands are: ${names.join(', ')}. See --help.`,
  );
}

function printHelp(name: string | undefined, terminal: Terminal): number {
  terminal.print(name === undefined ? helpOfAll(COMMANDS) : helpOf(find(name)));
  return 0;
}

async function printVersion(terminal: Terminal): Promise<number> {
  terminal.print(await version());
  return 0;
}

/** Read from package.json, which is two folders above both lib/cli and dist/cli. */
async function version(): Promise<string> {
  const url = new URL('../../package.json', import.meta.url);
  const manifest = JSON.parse(await readFile(url, 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

/** An unexpected error may hold a secret, so only its name and code are shown. */
function sentenceOf(error: unknown): string {
  if (error instanceof CliError) return error.message;
  const name = error instanceof Error ? error.name : typeof error;
  const { code } = failedConnection(error);
  return `The command failed with an unexpected ${name}${code ? ` (${code})` : ''}.`;
}
