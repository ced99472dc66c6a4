import type { RedisClient } from '../../lib/redis/index.js';

/** An app's Redis client, with two commands that the app itself uses. */
export interface AppClient {
  readonly client: RedisClient;
  set(key: string, value: string): Promise<unknown>;
  get(key: string): Promise<unknown>;
  close(): void;
}

/** The options of an app's client. */
export interface ClientPlan {
  readonly urls: readonly string[];
  readonly isCluster?: boolean;
  /** The library puts it before every key. ioredis only. */
  readonly keyPrefix?: string;
  /** Sends the commands of one tick together. ioredis only; node-redis always does so. */
  readonly enableAutoPipelining?: boolean;
}

/** An installed version of a Redis library. */
export interface RedisLibrary {
  readonly name: string;
  readonly hasKeyPrefix: boolean;
  open(plan: ClientPlan): Promise<AppClient>;
}

const ignore = () => undefined;

/** ioredis or a fork of it. */
const ioredis = (name: string): RedisLibrary => ({
  name,
  hasKeyPrefix: true,
  async open({ urls, isCluster, ...options }) {
    const library = (await import(name)) as typeof import('ioredis');
    // 5.0 exports the client only as `default`.
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

/** Of ioredis: the oldest, the last one whose `call` breaks automatic pipelines, and the newest. */
const MAIN_VERSIONS = [
  ioredis('ioredis-5.0'),
  ioredis('ioredis-5.10'),
  ioredis('ioredis'),
  nodeRedis('redis'),
];

/** With REDIS_CLIENTS=all (`npm run redis:clients`) also further versions and a fork. */
export const LIBRARIES: readonly RedisLibrary[] =
  process.env['REDIS_CLIENTS'] === 'all'
    ? [
        ...MAIN_VERSIONS,
        ioredis('ioredis-5.8'),
        ioredis('iovalkey'),
        nodeRedis('redis-5'),
      ]
    : MAIN_VERSIONS;
