import { Inject, Injectable } from '@nestjs/common';
import type {
  AuthModuleOptions,
  AuthModuleOptionsFactory,
} from 'nestjs-portone-auth';
import { RedisTokenStore } from 'nestjs-portone-auth/redis';
import { REDIS, type AppRedis } from './redis.module.js';

/** With the line `store`, all processes with the same API secret share one token. */
@Injectable()
export class PortOneOptions implements AuthModuleOptionsFactory {
  constructor(@Inject(REDIS) private readonly redis: AppRedis) {}

  createAuthOptions(): AuthModuleOptions {
    const { PORTONE_API_SECRET: apiSecret, PORTONE_API_BASE_URL: baseURL } =
      process.env;
    if (!apiSecret) {
      throw new Error(
        'Set PORTONE_API_SECRET to the V2 API secret of your PortOne console, or run: npm run demo:fleet',
      );
    }
    return {
      apiSecret,
      ...(baseURL && { baseURL }),
      store: new RedisTokenStore(this.redis),
    };
  }
}
