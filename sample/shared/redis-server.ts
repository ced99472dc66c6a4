import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const running = new Set<RedisServer>();
process.once('exit', () => running.forEach((server) => server.killNow()));

/** A real Redis or Valkey on a free port of 127.0.0.1. It stores nothing on disk, and can be paused, killed and restarted. */
export class RedisServer {
  #process?: ChildProcess;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly args: readonly string[],
  ) {}

  /** `args` are redis-server's own, such as `--maxmemory`. */
  static async start(...args: string[]): Promise<RedisServer> {
    // Another process may take the port before Redis does.
    for (let attempt = 1; ; attempt += 1) {
      const folder = await mkdtemp(join(tmpdir(), 'redis-'));
      const server = new RedisServer(await freePort(), folder, args);
      try {
        await server.restart();
        return server;
      } catch (error) {
        await server.stop();
        if (attempt === 5) throw error;
      }
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again on the same port, empty. */
  async restart(): Promise<void> {
    await this.kill();
    const process = spawn(
      program(),
      // prettier-ignore
      ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder,
       '--save', '', '--appendonly', 'no', ...this.args],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#process = process;
    running.add(this);
    let log = '';
    process.stderr.on('data', (chunk: Buffer) => (log += chunk));
    await new Promise<void>((resolve, reject) => {
      process.stdout.on('data', (chunk: Buffer) => {
        log += chunk;
        if (log.includes('eady to accept connections')) resolve();
      });
      process.once('exit', () => reject(new Error(`Redis ended: ${log}`)));
    });
  }

  /** Stops the process. Its connections stay open, but get no answers. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Kills the server without warning, as the kernel does when memory runs out. */
  async kill(): Promise<void> {
    const process = this.#process;
    if (!process) return;
    this.killNow();
    if (process.exitCode === null && process.signalCode === null)
      await once(process, 'exit');
  }

  killNow(): void {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
    running.delete(this);
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function program(): string {
  const found = ['redis-server', 'valkey-server'].find(
    (name) => spawnSync(name, ['--version']).status === 0,
  );
  if (!found) {
    throw new Error(
      'redis-server or valkey-server is not on PATH. Install it with: sudo apt-get install -y redis-server',
    );
  }
  return found;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
