import { AuthConfigurationError } from '../errors/index.js';
import type { RedisClient } from './redis-client.js';

/** What every kind of client can do, under one name. */
export interface RedisConnection {
  /** Whether a command is sent at once, instead of waiting in a queue that may run it much later. */
  isReady(): boolean;
  /** Makes a lazy client connect; without effect on any other. */
  wake(): void;
  /** Sends one command about one key, or several of the same slot. */
  send(key: string, command: readonly string[]): Promise<unknown>;
}

/** Tells clients apart by what they have. Throws {@link AuthConfigurationError} for what is none. */
export function connectionOf(client: RedisClient): RedisConnection {
  if (isObject(client)) {
    if ('call' in client && typeof client.call === 'function') {
      return {
        isReady: () => client.status === 'ready',
        wake: () => {
          if (client.status === 'wait')
            client.call('PING').catch(() => undefined);
        },
        send: (_key, [name = '', ...args]) => client.call(name, ...args),
      };
    }
    if ('nodeByAddress' in client) {
      return {
        ...nodeRedis(client),
        // Never from a replica, which may lag behind the lock.
        send: (key, command) => client.sendCommand(key, false, [...command]),
      };
    }
    // A sentinel of node-redis has a sendCommand too, with other parameters.
    if ('sendCommand' in client && !('getMasterNode' in client)) {
      return {
        ...nodeRedis(client),
        send: (_key, command) => client.sendCommand([...command]),
      };
    }
  }
  throw new AuthConfigurationError([
    {
      field: 'store',
      message:
        'RedisTokenStore needs a client or cluster of node-redis (redis) or ioredis, version 5 or later, such as ' +
        'new RedisTokenStore(await createClient({ url }).connect()) or new RedisTokenStore(new Redis(url)).',
    },
  ]);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null;

/** Pools and older clusters only say whether they are open. */
const nodeRedis = (client: { isOpen: boolean; isReady?: boolean }) => ({
  isReady: () => client.isReady ?? client.isOpen,
  wake: () => undefined,
});
