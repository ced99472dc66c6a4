import { Redis } from 'ioredis';
import { eventually } from './promises.js';

/** Records every command that Redis runs, in order, including commands of scripts. */
export class RedisMonitor {
  #commands: string[][] = [];

  private constructor(
    private readonly stream: Redis,
    private readonly marker: Redis,
  ) {
    stream.on('monitor', (_: string, args: string[]) =>
      this.#commands.push(args),
    );
  }

  static async start(url: string): Promise<RedisMonitor> {
    const client = new Redis(url);
    const stream = await client.monitor();
    client.disconnect();
    return new RedisMonitor(stream, new Redis(url));
  }

  /** The commands with these names since the last call of `take`. Waits until every command sent before is recorded. */
  async take(...names: string[]): Promise<string[][]> {
    const mark = `mark ${performance.now()}`;
    await this.marker.echo(mark);
    await eventually(() => this.#commands.some((args) => args[1] === mark));
    return this.#commands
      .splice(0)
      .filter(([name = '']) => names.includes(name.toLowerCase()));
  }

  close(): void {
    this.stream.disconnect();
    this.marker.disconnect();
  }
}
