import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { createClient } from 'redis';

export const REDIS = Symbol('Redis');

/** What the app asks of its client; the store takes it by structure. */
export type AppRedis = ReturnType<typeof connect>;

/** The app's own Redis client: made here, shared by every provider that injects REDIS, closed here. */
@Module({
  providers: [{ provide: REDIS, useFactory: connect }],
  exports: [REDIS],
})
export class RedisModule implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: AppRedis) {}

  /** Not in onModuleDestroy: there a renewal in flight gives its lock back, and needs the client for it. */
  onApplicationShutdown(): void {
    this.redis.destroy();
  }
}

/** Waits for nothing: with Redis down the app has to boot all the same. */
function connect() {
  const { REDIS_URL: url } = process.env;
  if (!url) throw new Error('Set REDIS_URL, such as redis://127.0.0.1:6379.');
  const redis = createClient({ url, socket: { reconnectStrategy: 200 } });
  // Without a listener an 'error' event ends the process. What concerns the token is logged by the module itself.
  redis.on('error', () => undefined);
  redis.connect().catch(() => undefined);
  return redis;
}
