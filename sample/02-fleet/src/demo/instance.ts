/** One process of the fleet: the AppModule of this sample at another pace. It tells its parent what happens. */
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

const tell = (message: InstanceMessage) => process.send?.(message);
const toParent = (text: unknown) =>
  tell({ kind: 'logged', text: String(text) });
const logger: LoggerService = {
  log: toParent,
  warn: toParent,
  error: toParent,
  fatal: toParent,
};

// Without its parent this process has no more work.
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
          () => tell({ kind: 'renewing' }),
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
  tell({ kind: 'token', what });
});
await app.listen(0, '127.0.0.1');
tell({ kind: 'listening', url: await app.getUrl() });
