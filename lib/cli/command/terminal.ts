import { styleText } from 'node:util';

/** Names of `util.styleText` that the commands use. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** What a command reads from and writes to. A test can pass its own. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  /** The folder the command was started in. */
  readonly folder: string;
  /** Writes a line of the answer to stdout. */
  print(line: string): void;
  /** Writes a line about the command itself to stderr. */
  warn(line: string): void;
  /** Colours a text of the answer where stdout has colours. */
  paint(style: Style, text: string): string;
}

/** The terminal of this process: colours on a TTY only, and none under NO_COLOR. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  for (const stream of [stdout, stderr])
    // `emulator | head -3` closes the pipe early. That must not print a stack trace.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  const hasColors = stdout.isTTY && stdout.hasColors();
  return {
    env,
    folder: process.cwd(),
    print: (line) => stdout.write(`${line}\n`),
    warn: (line) => stderr.write(`${line}\n`),
    paint: (style, text) => (hasColors ? styleText(style, text) : text),
  };
}
