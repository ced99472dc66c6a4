import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { createClient } from 'redis';

export const REDIS = Symbol('Redis');

/** The type of the app's client. The store needs only its methods, not its class. */
export type AppRedis = ReturnType<typeof connect>;

/** Creates and closes the app's Redis client. Providers get it by injecting REDIS. */
@Module({
  providers: [{ provide: REDIS, useFactory: connect }],
  exports: [REDIS],
})
export class RedisModule implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: AppRedis) {}

  /** Not in onModuleDestroy: a renewal in flight still needs the client then, to release its lock. */
  onApplicationShutdown(): void {
    this.redis.destroy();
  }
}

/** Does not wait for Redis: the app must boot while Redis is down. */
function connect() {
  const { REDIS_URL: url } = process.env;
  if (!url) throw new Error('Set REDIS_URL, such as redis://127.0.0.1:6379.');
  const redis = createClient({ url, socket: { reconnectStrategy: 200 } });
  // Without a listener an 'error' event ends the process. AuthModule itself logs when the store fails.
  redis.on('error', () => undefined);
  redis.connect().catch(() => undefined);
  return redis;
}
