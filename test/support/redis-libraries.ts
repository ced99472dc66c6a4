import type { RedisClient } from '../../lib/redis/index.js';

/** Commands of the app itself, beside those of the store. */
export interface AppClient {
  readonly client: RedisClient;
  set(key: string, value: string): Promise<unknown>;
  get(key: string): Promise<unknown>;
  close(): void;
}

/** How an app makes its client. */
export interface ClientPlan {
  readonly urls: readonly string[];
  readonly isCluster?: boolean;
  /** Goes before every key that the app names. ioredis only. */
  readonly keyPrefix?: string;
  /** Commands of one tick leave together. ioredis only; node-redis does so anyway. */
  readonly enableAutoPipelining?: boolean;
}

/** A version of a library as it is installed here. */
export interface RedisLibrary {
  readonly name: string;
  readonly hasKeyPrefix: boolean;
  open(plan: ClientPlan): Promise<AppClient>;
}

const ignore = () => undefined;

/** ioredis, or a fork of it. */
const ioredis = (name: string): RedisLibrary => ({
  name,
  hasKeyPrefix: true,
  async open({ urls, isCluster, ...options }) {
    const library = (await import(name)) as typeof import('ioredis');
    // 5.0 exports the client as `default` alone.
    const Redis = library.Redis ?? library.default;
    const client = isCluster
      ? new library.Cluster([...urls], options)
      : new Redis(urls[0]!, options);
    client.on('error', ignore);
    if (client.status !== 'ready')
      await new Promise((resolve) => client.once('ready', resolve));
    return {
      client,
      set: (key, value) => client.set(key, value),
      get: (key) => client.get(key),
      close: () => client.disconnect(),
    };
  },
});

const nodeRedis = (name: string): RedisLibrary => ({
  name,
  hasKeyPrefix: false,
  async open({ urls, isCluster }) {
    const library = (await import(name)) as typeof import('redis');
    const client = isCluster
      ? library.createCluster({ rootNodes: urls.map((url) => ({ url })) })
      : library.createClient({ url: urls[0]! });
    client.on('error', ignore);
    await client.connect();
    return {
      client,
      set: (key, value) => client.set(key, value),
      get: (key) => client.get(key),
      close: () => client.destroy(),
    };
  },
});

/** The oldest, the last whose `call` spoils automatic pipelines, and the newest. */
const MOST_TELLING = [
  ioredis('ioredis-5.0'),
  ioredis('ioredis-5.10'),
  ioredis('ioredis'),
  nodeRedis('redis'),
];

/** With REDIS_CLIENTS=all (`npm run redis:clients`) also what lies between, and beside. */
export const LIBRARIES: readonly RedisLibrary[] =
  process.env['REDIS_CLIENTS'] === 'all'
    ? [
        ...MOST_TELLING,
        ioredis('ioredis-5.8'),
        ioredis('iovalkey'),
        nodeRedis('redis-5'),
      ]
    : MOST_TELLING;
