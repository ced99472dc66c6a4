import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';
import type { RedisClient } from '../../lib/redis/index.js';

/** A Redis client as an app makes it. */
export interface OpenClient {
  readonly client: RedisClient;
  close(): void;
}

export type OpenRedis = (url: string) => Promise<OpenClient>;

const ignore = () => undefined;

/** A client of node-redis that has started to connect. It does not wait for the connection, so Redis may be down. */
export function connectNodeRedis(url: string): OpenClient {
  const client = createClient({
    url,
    socket: { reconnectStrategy: () => 20 },
  }).on('error', ignore);
  client.connect().catch(ignore);
  return { client, close: () => client.destroy() };
}

/** A client of ioredis that has started to connect. */
export function connectIoRedis(url: string): OpenClient {
  const client = new Redis(url, {
    retryStrategy: () => 20,
    disconnectTimeout: 50,
  });
  client.on('error', ignore);
  return { client, close: () => client.disconnect() };
}

/** Both libraries, not yet connected. */
export const CONNECT: [string, (url: string) => OpenClient][] = [
  ['node-redis', connectNodeRedis],
  ['ioredis', connectIoRedis],
];

/** Both libraries, connected. */
export const OPEN: [string, OpenRedis][] = [
  [
    'node-redis',
    async (url) => {
      const client = createClient({ url }).on('error', ignore);
      await client.connect();
      return { client, close: () => client.destroy() };
    },
  ],
  [
    'ioredis',
    async (url) => {
      const client = new Redis(url, { lazyConnect: true });
      await client.connect();
      return { client, close: () => client.disconnect() };
    },
  ],
];

/** Both libraries' clusters, connected. */
export const OPEN_CLUSTER: [string, OpenRedis][] = [
  [
    'a node-redis cluster',
    async (url) => {
      const client = createCluster({ rootNodes: [{ url }] });
      client.on('error', ignore);
      await client.connect();
      return { client, close: () => client.destroy() };
    },
  ],
  [
    'an ioredis cluster',
    async (url) => {
      const client = new Cluster([url], {
        lazyConnect: true,
        clusterRetryStrategy: () => null,
      });
      await client.connect();
      return { client, close: () => client.disconnect() };
    },
  ],
];
