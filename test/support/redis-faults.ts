import type { Redis } from 'ioredis';
import type { RedisServer } from './redis-server.js';

/** What can be wrong with a Redis, and how it is mended. */
export interface RedisFault {
  begin(redis: RedisServer, admin: Redis): Promise<unknown>;
  end(redis: RedisServer, admin: Redis): Promise<unknown>;
}

/** Each by its name. */
export const FAULTS: [string, RedisFault][] = [
  ['dead', { begin: (redis) => redis.kill(), end: (redis) => redis.restart() }],
  [
    'hanging',
    {
      begin: async (redis) => redis.pause(),
      end: async (redis) => redis.resume(),
    },
  ],
  [
    'read-only',
    {
      begin: (_, admin) => admin.replicaof('127.0.0.1', 1),
      end: (_, admin) => admin.replicaof('NO', 'ONE'),
    },
  ],
  [
    'without permission to run scripts',
    {
      begin: (_, admin) => admin.acl('SETUSER', 'default', '-eval'),
      end: (_, admin) => admin.acl('SETUSER', 'default', '+eval'),
    },
  ],
];

/** A Redis that takes no more. */
export const FULL: RedisFault = {
  begin: (_, admin) => admin.config('SET', 'maxmemory', '1'),
  end: (_, admin) => admin.config('SET', 'maxmemory', '0'),
};
