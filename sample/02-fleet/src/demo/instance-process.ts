import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { InstanceMessage } from './instance-message.js';

/** The addresses that an instance needs, and how it starts. */
export interface InstanceLaunch {
  readonly portone: { readonly url: string; readonly apiSecret: string };
  readonly redis: { readonly url: string };
  /** Whether it uses the store. Default true. */
  readonly isShared?: boolean;
  /** Node's own arguments. Default none. */
  readonly execArgv?: string[];
}

/** The parent process's view of one instance: the messages it has sent, and methods that signal it. */
export class InstanceProcess {
  url = '';
  /** Whether the instance takes requests: it listens, and has neither ended nor paused. */
  isServing = false;
  /** Whether it has the lock and calls PortOne. */
  isRenewing = false;
  /** What happened to its token, oldest first. */
  readonly tokenEvents: string[] = [];
  readonly logged: string[] = [];

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message) => this.record(message as InstanceMessage));
    child.once('exit', () => (this.isServing = false));
  }

  /** Forks an instance. Resolves when it listens. */
  static async start(launch: InstanceLaunch): Promise<InstanceProcess> {
    const { portone, redis, isShared = true, execArgv = [] } = launch;
    const child = fork(fileURLToPath(new URL('instance.js', import.meta.url)), {
      execArgv,
      env: {
        PATH: process.env['PATH'],
        PORTONE_API_SECRET: portone.apiSecret,
        PORTONE_API_BASE_URL: portone.url,
        REDIS_URL: redis.url,
        FLEET_STORE: isShared ? 'redis' : 'none',
      },
    });
    const instance = new InstanceProcess(child);
    while (!instance.isServing) {
      const [event] = await Promise.race([
        once(child, 'message'),
        once(child, 'exit'),
      ]);
      if (child.exitCode !== null)
        throw new Error(`An instance ended with ${event} before it listened.`);
    }
    return instance;
  }

  /** The number of new tokens after the first one. */
  get renewals(): number {
    return this.tokenEvents.filter((what) => /renewed|adopted/.test(what))
      .length;
  }

  /** Kills the process without warning, as the kernel does when memory runs out. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ends the process as an orchestrator does. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Stops the process in the middle of its work; its connections stay open. */
  pause(): void {
    this.isServing = false;
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
    this.isServing = true;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    this.isServing = false;
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    // A paused process gets the signal only when it continues.
    child.kill('SIGCONT');
    await once(child, 'exit');
  }

  private record(message: InstanceMessage): void {
    if (message.kind === 'listening') {
      this.url = message.url;
      this.isServing = true;
    } else if (message.kind === 'renewing') {
      this.isRenewing = true;
    } else if (message.kind === 'token') {
      this.isRenewing = false;
      this.tokenEvents.push(message.what);
    } else {
      this.logged.push(message.text);
    }
  }
}
