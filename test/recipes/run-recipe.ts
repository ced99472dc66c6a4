import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PortOneEmulator } from '../../lib/testing/index.js';
import { freePort } from '../support/free-port.js';
import { eventually } from '../support/promises.js';

const TYPESCRIPT = pathToFileURL('test/support/fleet-typescript.mjs').href;
const running = new Set<Recipe>();

/** A recipe of `docs/deploy.md` in a separate process. */
export class Recipe {
  output = '';

  private constructor(
    readonly url: string,
    private readonly process: ReturnType<typeof spawn>,
  ) {
    for (const stream of [process.stdout, process.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk));
    running.add(this);
  }

  static async start(
    file: string,
    portone: PortOneEmulator,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Recipe> {
    return Recipe.run(file, [], {
      PORTONE_API_SECRET: portone.apiSecret,
      PORTONE_API_BASE_URL: portone.url,
      ...env,
    });
  }

  /** Starts any program of the repository. */
  static async run(
    file: string,
    given: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Recipe> {
    const port = await freePort();
    const program = fileURLToPath(new URL(file, import.meta.url));
    const args = ['--no-warnings', '--import', TYPESCRIPT, program, ...given];
    return new Recipe(
      `http://127.0.0.1:${port}`,
      spawn(process.execPath, args, {
        env: { ...process.env, PORT: String(port), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  /** Waits until it answers requests. */
  async listening(): Promise<void> {
    await eventually(() =>
      fetch(this.url).then(
        () => true,
        () => false,
      ),
    );
  }

  /** Waits until it has printed the text. */
  async saying(text: string): Promise<void> {
    await eventually(() => this.output.includes(text));
  }

  /** Ends it as an orchestrator does. Returns its exit code, or the signal that ended it. */
  async terminate(): Promise<unknown> {
    // Not 'exit', which may come before the last output.
    const ended = once(this.process, 'close');
    this.process.kill('SIGTERM');
    const [code, signal] = (await ended) as unknown[];
    running.delete(this);
    return code ?? signal;
  }

  static killAll(): void {
    for (const { process } of running) process.kill('SIGKILL');
    running.clear();
  }
}
