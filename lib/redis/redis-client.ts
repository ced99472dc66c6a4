/** A client or cluster of ioredis 5 or later, as far as the store needs it. */
export interface IoRedisClient {
  readonly status: string;
  call(command: string, ...args: string[]): Promise<unknown>;
}

/** A client or pool of node-redis 5 or later, as far as the store needs it. */
export interface NodeRedisClient {
  readonly isOpen: boolean;
  sendCommand(args: string[]): Promise<unknown>;
}

/** A cluster of node-redis 5 or later, as far as the store needs it. */
export interface NodeRedisCluster {
  readonly isOpen: boolean;
  readonly nodeByAddress: unknown;
  sendCommand(
    firstKey: string,
    isReadonly: boolean,
    args: string[],
  ): Promise<unknown>;
}

/** A Redis client that the app made, connects and closes. */
export type RedisClient = IoRedisClient | NodeRedisClient | NodeRedisCluster;
