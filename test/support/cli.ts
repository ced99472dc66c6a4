import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../lib/cli/bin.ts', import.meta.url));
const TYPESCRIPT = new URL('fleet-typescript.mjs', import.meta.url).href;

/** The exit code of a command and everything it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Launch {
  readonly env?: NodeJS.ProcessEnv;
  /** The working directory. Default `/`, where there is no `.env`. */
  readonly cwd?: string;
  /** The program and its first arguments. Default: the command line of this repository, from TypeScript. */
  readonly program?: readonly string[];
}

/** A running command in its own process. Of this process's environment it gets only PATH. */
export class CliProcess {
  out = '';
  err = '';
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;

  constructor(args: readonly string[], launch: Launch = {}) {
    const { env = {}, cwd = '/', program } = launch;
    const [file, ...before] = program ?? [
      process.execPath,
      '--import',
      TYPESCRIPT,
      '--disable-warning=ExperimentalWarning',
      BIN,
    ];
    const child = spawn(file!, [...before, ...args], {
      cwd,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdout.on('data', (chunk) => (this.out += String(chunk)));
    child.stderr.on('data', (chunk) => (this.err += String(chunk)));
    this.ended = once(child, 'close').then(([code]) => ({
      code: code as number | null,
      out: this.out,
      err: this.err,
    }));
  }

  /** Waits until stdout matches, and gives the match. Rejects when the command ends without it. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.out);
      if (found) return found;
      const more = once(this.#child.stdout!, 'data').then(() => undefined);
      const ended = await Promise.race([more, this.ended]);
      if (ended && !pattern.test(ended.out))
        throw new Error(
          `The command ended with code ${ended.code}: ${ended.out}${ended.err}`,
        );
    }
  }

  /** Sends a signal and waits until the command has ended. */
  end(signal: NodeJS.Signals): Promise<Ended> {
    this.#child.kill(signal);
    return this.ended;
  }
}

/** Runs a command and waits until it has ended. */
export const runCli = (
  args: readonly string[],
  launch?: Launch,
): Promise<Ended> => new CliProcess(args, launch).ended;
