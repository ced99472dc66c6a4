import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { createClient } from 'redis';

export const REDIS = Symbol('Redis');

/** The client of the app. The store needs no class, only its methods. */
export type AppRedis = ReturnType<typeof connect>;

/** The app's own Redis client: made here, shared by every provider that injects REDIS, closed here. */
@Module({
  providers: [{ provide: REDIS, useFactory: connect }],
  exports: [REDIS],
})
export class RedisModule implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: AppRedis) {}

  /** Not in onModuleDestroy: a renewal in flight still needs the client there, to give its lock back. */
  onApplicationShutdown(): void {
    this.redis.destroy();
  }
}

/** Does not wait for Redis: the app must boot while Redis is down. */
function connect() {
  const { REDIS_URL: url } = process.env;
  if (!url) throw new Error('Set REDIS_URL, such as redis://127.0.0.1:6379.');
  const redis = createClient({ url, socket: { reconnectStrategy: 200 } });
  // Without a listener an 'error' event ends the process. The module logs what concerns the token.
  redis.on('error', () => undefined);
  redis.connect().catch(() => undefined);
  return redis;
}
