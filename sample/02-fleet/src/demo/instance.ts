/** One process of the fleet: the AppModule of this sample with shorter times. It reports to its parent process. */
import type { LoggerService } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TokenService } from 'nestjs-portone-auth';
import { RedisTokenStore } from 'nestjs-portone-auth/redis';
import { AppModule } from '../app.module.js';
import { PortOneOptions } from '../portone.options.js';
import { REDIS, type AppRedis } from '../redis.module.js';
import type { InstanceMessage } from './instance-message.js';
import { ObservedStore } from './observed.store.js';
import { PACE } from './pace.js';

const isShared = process.env['FLEET_STORE'] !== 'none';

const report = (message: InstanceMessage) => process.send?.(message);
const log = (text: unknown) => report({ kind: 'logged', text: String(text) });
const logger: LoggerService = { log, warn: log, error: log, fatal: log };

// Ends with its parent process.
process.once('disconnect', () => process.exit());

const module = await Test.createTestingModule({ imports: [AppModule] })
  .overrideProvider(PortOneOptions)
  .useFactory({
    inject: [REDIS],
    factory: (redis: AppRedis) => ({
      createAuthOptions: () => {
        const { store: _, ...options } = new PortOneOptions(
          redis,
        ).createAuthOptions();
        const { lockMarginMs } = PACE;
        const store = new ObservedStore(
          new RedisTokenStore(redis, { lockMarginMs }),
          () => report({ kind: 'renewing' }),
        );
        return {
          ...options,
          tokenTimeout: PACE.tokenTimeoutMs,
          renewal: { at: PACE.renewAt, backoff: { initial: 100, max: 200 } },
          ...(isShared && { store }),
        };
      },
    }),
  })
  .compile();
const app = module.createNestApplication({ logger });
app.enableShutdownHooks();
app.get(TokenService).events$.subscribe(({ type: what }) => {
  report({ kind: 'token', what });
});
await app.listen(0, '127.0.0.1');
report({ kind: 'listening', url: await app.getUrl() });
