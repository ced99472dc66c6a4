import type { RedisOfTests } from './redis-hooks.js';

/** A fault of Redis: how it begins and how it ends. */
export interface RedisFault {
  begin(redis: RedisOfTests): Promise<unknown>;
  end(redis: RedisOfTests): Promise<unknown>;
}

export const DEAD: RedisFault = {
  begin: ({ server }) => server.kill(),
  end: ({ server }) => server.restart(),
};

export const HANGING: RedisFault = {
  begin: async ({ server }) => server.pause(),
  end: async ({ server }) => server.resume(),
};

export const READ_ONLY: RedisFault = {
  begin: ({ admin }) => admin.replicaof('127.0.0.1', 1),
  end: ({ admin }) => admin.replicaof('NO', 'ONE'),
};

export const NO_SCRIPTS: RedisFault = {
  begin: ({ admin }) => admin.acl('SETUSER', 'default', '-eval'),
  end: ({ admin }) => admin.acl('SETUSER', 'default', '+eval'),
};

/** The memory of Redis is full. */
export const FULL: RedisFault = {
  begin: ({ admin }) => admin.config('SET', 'maxmemory', '1'),
  end: ({ admin }) => admin.config('SET', 'maxmemory', '0'),
};

/** Redis asks for another password, also on open connections. */
export const OTHER_PASSWORD: RedisFault = {
  begin: async ({ admin }) => {
    await admin.config('SET', 'requirepass', 'another');
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal');
  },
  end: ({ admin }) => admin.config('SET', 'requirepass', ''),
};
