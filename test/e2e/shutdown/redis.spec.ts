import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Redis } from 'ioredis';
import { AuthModule, TokenService } from '../../../lib/index.js';
import { RedisTokenStore } from '../../../lib/redis/index.js';
import { inVirtualTime } from '../../support/in-virtual-time.js';
import { LogBook } from '../../support/log-book.js';
import { useRedis } from '../../support/redis-hooks.js';
import { closeShops, openEmulator } from '../../support/shop.js';
import { until, VirtualTime } from '../../support/virtual-time.js';

type Hook =
  'onModuleDestroy' | 'beforeApplicationShutdown' | 'onApplicationShutdown';

/** The app's own module of Redis, which quits in one of Nest's hooks. */
@Module({
  providers: [{ provide: Redis, useFactory: () => client }],
  exports: [Redis],
})
class RedisModule
  implements OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  onModuleDestroy = () => this.quitIn('onModuleDestroy');
  beforeApplicationShutdown = () => this.quitIn('beforeApplicationShutdown');
  onApplicationShutdown = () => this.quitIn('onApplicationShutdown');

  private async quitIn(hook: Hook): Promise<void> {
    if (hook === quitsIn) await client.quit();
  }
}

const redis = useRedis();
let client: Redis;
let quitsIn: Hook;

describe('At a shutdown during a background renewal', () => {
  afterEach(async () => {
    await closeShops();
    await redis.admin.flushall();
  });

  const record = async () => {
    const [key] = await redis.admin.keys('*:record');
    return (await redis.admin.dump(key!))?.toString();
  };

  async function closeDuringRenewal(
    isGlobal: boolean,
    fault: 'delay' | 'hang',
    doesCallerWait = false,
  ) {
    client = new Redis(redis.url).on('error', () => undefined);
    const time = new VirtualTime();
    const portone = await openEmulator({ clock: time.trueTime });
    const builder = Test.createTestingModule({
      imports: [
        AuthModule.forRootAsync({
          isGlobal,
          imports: [RedisModule],
          inject: [Redis],
          useFactory: (injected: Redis) => ({
            apiSecret: portone.apiSecret,
            baseURL: portone.url,
            store: new RedisTokenStore(injected),
          }),
        }),
      ],
    });
    const module = await inVirtualTime(builder, time).compile();
    const log = new LogBook();
    module.useLogger(log);
    await module.init();
    const tokens = module.get(TokenService);
    portone.fail(
      'tokens',
      fault === 'hang' ? { kind: 'hang' } : { kind: 'delay', ms: 100 },
    );
    await time.advance(tokens.snapshot().renewsInMs! + 1);
    await until(() => portone.calls.refresh === 1);
    expect(await redis.admin.keys('*:lock')).toHaveLength(1);
    const before = await record();
    const caller = doesCallerWait
      ? tokens.renew().catch((error: unknown) => error)
      : undefined;
    await module.close();
    return {
      isRenewed: before !== (await record()),
      told: await caller,
      warnings: log.saying('', 'warn'),
    };
  }

  describe.each([true, false])('with isGlobal %s', (isGlobal) => {
    it.each([
      ['onModuleDestroy'],
      ['beforeApplicationShutdown'],
      ['onApplicationShutdown'],
    ] as const)(
      'the lock is released before the app quits Redis in %s',
      async (hook) => {
        quitsIn = hook;
        const { isRenewed } = await closeDuringRenewal(isGlobal, 'delay');
        expect(await redis.admin.keys('*:lock')).toEqual([]);
        expect(isRenewed).toBe(true);
      },
    );

    it('the lock is also released when PortOne hangs', async () => {
      quitsIn = 'onModuleDestroy';
      const { warnings } = await closeDuringRenewal(isGlobal, 'hang');
      expect(await redis.admin.keys('*:lock')).toEqual([]);
      expect(warnings).toEqual([]);
    });

    it('the lock is released before the app quits Redis in onApplicationShutdown, even while a caller waits', async () => {
      quitsIn = 'onApplicationShutdown';
      const { told } = await closeDuringRenewal(isGlobal, 'hang', true);
      expect(await redis.admin.keys('*:lock')).toEqual([]);
      expect(String(told)).toContain('the module is shutting down');
    });
  });
});
