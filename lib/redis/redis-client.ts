/** A client or cluster of ioredis 5 or later, or of iovalkey, as far as the store needs it. */
export interface IoRedisClient {
  readonly status: string;
  call(command: string, ...args: string[]): Promise<unknown>;
  /** Every client of the library has it; a stand-in of your own may leave it out. */
  pipeline?(commands: [name: string, ...args: string[]][]): {
    exec(): Promise<[error: Error | null, reply: unknown][] | null>;
  };
  connect?(): Promise<unknown>;
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
