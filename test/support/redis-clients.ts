import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';
import type { RedisClient } from '../../lib/redis/index.js';

/** A client of some library, as an app would make it. */
export interface OpenClient {
  readonly client: RedisClient;
  close(): void;
}

export type OpenRedis = (url: string) => Promise<OpenClient>;

const ignore = () => undefined;

/** Starts connecting and waits for nothing, as an app that boots while Redis is down. */
export function connectNodeRedis(url: string): OpenClient {
  const client = createClient({
    url,
    socket: { reconnectStrategy: () => 20 },
  }).on('error', ignore);
  client.connect().catch(ignore);
  return { client, close: () => client.destroy() };
}

/** Starts connecting and waits for nothing. */
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
