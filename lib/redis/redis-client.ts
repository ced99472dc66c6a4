/** A client or cluster of ioredis 5 or later, or of iovalkey, as far as the store needs it. */
export interface IoRedisClient {
  /** The state of the connection, such as `ready` or `connecting`. */
  readonly status: string;
  /** Sends one command; used where there is no `pipeline`. */
  call(command: string, ...args: string[]): Promise<unknown>;
  /** Every client of ioredis and iovalkey has it. A client of your own may leave it out. */
  pipeline?(commands: [name: string, ...args: string[]][]): {
    /** Sends the commands. Resolves with one pair of error and reply for each command. */
    exec(): Promise<[error: Error | null, reply: unknown][] | null>;
  };
  /** Called when the client connects only with its first command (`lazyConnect`). */
  connect?(): Promise<unknown>;
}

/** A client or pool of node-redis 5 or later, as far as the store needs it. */
export interface NodeRedisClient {
  /** Whether the app has told it to connect. */
  readonly isOpen: boolean;
  /** Sends one command. */
  sendCommand(args: string[]): Promise<unknown>;
}

/** A cluster of node-redis 5 or later, as far as the store needs it. */
export interface NodeRedisCluster {
  /** Whether the app has told it to connect. */
  readonly isOpen: boolean;
  /** Only a cluster has this property. */
  readonly nodeByAddress: unknown;
  /** Sends one command to the node that holds `firstKey`. */
  sendCommand(
    firstKey: string,
    isReadonly: boolean,
    args: string[],
  ): Promise<unknown>;
}

/** A Redis client that the app made, connects and closes. */
export type RedisClient = IoRedisClient | NodeRedisClient | NodeRedisCluster;
