import { AuthConfigurationError } from '../errors/index.js';
import type {
  IoRedisClient,
  NodeRedisClient,
  RedisClient,
} from './redis-client.js';

/** The two keys of a script; both are in one slot of a cluster. */
export type ScriptKeys = readonly [record: string, lock: string];

/** The same methods for every kind of client. */
export interface RedisConnection {
  /** Whether the client sends a command at once. Otherwise the command waits in a queue, and may run much later. */
  isReady(): boolean;
  /** Whether the app has closed the client, or has never told it to connect. */
  isClosed(): boolean;
  /** Makes a lazy client connect. Does nothing for any other client. */
  wake(): void;
  evaluate(
    script: string,
    keys: ScriptKeys,
    args: readonly string[],
  ): Promise<unknown>;
}

/**
 * Recognises the kind of a client by its methods and its state. A mock, a pipeline or the options of a client may have the same
 * methods, but not the state. Throws {@link AuthConfigurationError} for anything else.
 */
export function connectionOf(client: RedisClient): RedisConnection {
  if (!isObject(client)) throw noClient();
  if ('getMasterNode' in client)
    throw noClient(
      'A sentinel of node-redis (createSentinel) is not supported; ioredis has sentinels too. ',
    );
  if (hasState(client, 'call', 'status', 'string'))
    return ioRedis(client as IoRedisClient);
  if (!hasState(client, 'sendCommand', 'isOpen', 'boolean')) throw noClient();
  if ('nodeByAddress' in client) {
    return {
      ...nodeRedis(client),
      // `false`: run it on the master. A replica may not have the newest lock yet.
      evaluate: (script, keys, args) =>
        client.sendCommand(keys[0], false, evalCommand(script, keys, args)),
    };
  }
  const single = client as NodeRedisClient;
  return {
    ...nodeRedis(single),
    evaluate: (script, keys, args) =>
      single.sendCommand(evalCommand(script, keys, args)),
  };
}

const hasState = (
  client: object,
  method: string,
  state: string,
  type: 'string' | 'boolean',
): boolean => {
  const fields = client as Record<string, unknown>;
  return typeof fields[method] === 'function' && typeof fields[state] === type;
};

/**
 * Sends each command as a pipeline of one. With `enableAutoPipelining`, `call` would be queued with the app's own commands, and
 * a cluster's client would take the script for a key, which makes all of them fail. `eval` is in small letters, because
 * ioredis up to 5.8 adds no `keyPrefix` to a command in capitals.
 */
const ioRedis = (client: IoRedisClient): RedisConnection => ({
  isReady: () => client.status === 'ready',
  isClosed: () => client.status === 'end',
  wake: () => {
    if (client.status === 'wait') client.connect?.().catch(() => undefined);
  },
  evaluate: async (script, keys, args) => {
    const rest = evalCommand(script, keys, args).slice(1);
    if (!client.pipeline) return client.call('eval', ...rest);
    const replies = await client.pipeline([['eval', ...rest]]).exec();
    const [error, reply] = replies?.[0] ?? [new Error('no reply')];
    if (error) throw error;
    return reply;
  },
});

/** Pools and older clusters have no `isReady`, only `isOpen`. */
const nodeRedis = (client: { isOpen: boolean; isReady?: boolean }) => ({
  isReady: () => client.isReady ?? client.isOpen,
  isClosed: () => !client.isOpen,
  wake: () => undefined,
});

const evalCommand = (
  script: string,
  keys: ScriptKeys,
  args: readonly string[],
): string[] => ['EVAL', script, String(keys.length), ...keys, ...args];

const noClient = (reason = '') =>
  new AuthConfigurationError([
    {
      field: 'store',
      message:
        `${reason}RedisTokenStore needs a client or cluster of node-redis (redis) or ioredis, version 5 or later, such as ` +
        "new RedisTokenStore(new Redis(url)) or, for node-redis, createClient({ url }) with an 'error' listener and connect() called. " +
        'A mock such as ioredis-mock cannot run the scripts of the store: in a test, leave out `store` or use stubPortOne().',
    },
  ]);

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null;
