import { createClient } from 'redis';
import { RedisTokenStore } from 'nestjs-portone-auth/redis';
import { RedisServer } from '../../../shared/redis-server.js';

/** The Redis in which the instances share their token: the one of REDIS_URL, or one started for this run. */
export class FleetRedis {
  private constructor(
    private readonly client: ReturnType<typeof connect>,
    private readonly server?: RedisServer,
  ) {}

  /**
   * Undefined with REDIS_URL=none, and without REDIS_URL on a machine without redis-server. Each instance then has its own token.
   */
  static async find(env: NodeJS.ProcessEnv): Promise<FleetRedis | undefined> {
    const { REDIS_URL: given } = env;
    if (given === 'none') return undefined;
    const server = given
      ? undefined
      : await RedisServer.start().catch(() => undefined);
    const url = given ?? server?.url;
    if (!url) return undefined;
    return new FleetRedis(connect(url), server);
  }

  /** A store for one instance. */
  store(): RedisTokenStore {
    return new RedisTokenStore(this.client);
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.server?.stop();
  }
}

function connect(url: string) {
  const client = createClient({ url, socket: { reconnectStrategy: 200 } });
  // Without a listener an 'error' event ends the process.
  client.on('error', () => undefined);
  client.connect().catch(() => undefined);
  return client;
}
