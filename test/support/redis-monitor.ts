import { Redis } from 'ioredis';
import { eventually } from './fleet-instance.js';

/** Every command that a Redis runs, in its order, those of scripts included. */
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

  /** The commands of these names since the last time; none that was sent before is missing. */
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
