import { afterEach, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { AuthModule, type TokenEvent } from '../../../lib/index.js';
import { inVirtualTime } from '../../support/in-virtual-time.js';
import { LogBook } from '../../support/log-book.js';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';
import { turn, until, VirtualTime } from '../../support/virtual-time.js';

describe('Logs and events', () => {
  afterEach(closeShops);

  async function openWatched(apiSecret?: () => string) {
    const logger = new LogBook();
    const events: TokenEvent[] = [];
    const shop = await openShop({
      logger,
      options: { eager: false, ...(apiSecret && { apiSecret }) },
    });
    shop.tokens.events$.subscribe((event) => events.push(event));
    return { ...shop, logger, events };
  }

  it('report a rejected secret once, however often the secret function is called', async () => {
    const { tokens, time, logger, events } = await openWatched(() => 'bad');
    for (let second = 0; second < 10; second += 1) {
      await tokens.getAccessToken().catch(() => undefined);
      await time.advance(1_000);
    }
    expect(events).toMatchObject([
      { type: 'credentials-rejected', code: 'PORTONE_CREDENTIALS_REJECTED' },
    ]);
    expect(logger.saying('V1 API key', 'error')).toHaveLength(1);
    expect(logger.saying('', 'warn')).toEqual([]);
  });

  it('report every failed attempt, with its reason and the wait', async () => {
    const { tokens, portone, logger, events } = await openWatched();
    portone.fail('login', { kind: 'status', status: 503, retryAfter: 7 });
    await tokens.getAccessToken().catch(() => undefined);
    expect(events).toMatchObject([
      {
        type: 'renewal-failed',
        reason: 'PORTONE_TOKEN_STATUS',
        consecutiveFailures: 1,
        retryAfterMs: 7_000,
      },
    ]);
    expect(logger.saying('PORTONE_TOKEN_STATUS', 'warn')).toHaveLength(1);
    expect(logger.saying('', 'error')).toEqual([]);
  });

  it('report a permission that was replaced by another', async () => {
    const { tokens, portone, events } = await openWatched();
    portone.setPermissions(['TX_READ']);
    await tokens.getAccessToken();
    portone.setPermissions(['TX_UPDATE']);
    await tokens.renew();
    expect(events.at(-1)).toMatchObject({
      type: 'permissions-changed',
      added: ['TX_UPDATE'],
      removed: ['TX_READ'],
    });
  });

  it.each([
    ['without a token', true],
    ['with a token', false],
  ])('have a warning after a boot %s: %s', async (_, isDown) => {
    const logger = new LogBook();
    const time = new VirtualTime();
    const portone = await openEmulator({ clock: time.trueTime });
    if (isDown) portone.fail('tokens', { kind: 'status', status: 503 });
    await openShop({ portone, time, logger });
    expect(
      logger.saying('Started without an access token', 'warn'),
    ).toHaveLength(isDown ? 1 : 0);
  });

  it.each([
    [true, 'tried again in the background'],
    [false, 'the next call that needs it tries again'],
  ])(
    'say after a boot without a token what happens next, with background: %s',
    async (background, next) => {
      const logger = new LogBook();
      const portone = await openEmulator();
      portone.fail('tokens', { kind: 'status', status: 503 });
      await openShop({ portone, logger, options: { renewal: { background } } });
      expect(logger.saying('Started without', 'warn')).toEqual([
        expect.stringContaining(next),
      ]);
    },
  );

  it('do not say that an app has started when it was closed while it booted', async () => {
    const logger = new LogBook();
    const time = new VirtualTime();
    const portone = await openEmulator({ clock: time.trueTime });
    portone.fail('tokens', { kind: 'hang' });
    const { apiSecret, url } = portone;
    const builder = Test.createTestingModule({
      imports: [AuthModule.forRoot({ apiSecret, baseURL: url })],
    });
    const module = await inVirtualTime(builder, time).compile();
    const app = module.createNestApplication({ logger });
    let hasEnded = false;
    const booting = app.init();
    await until(() => portone.calls.tokens === 1);
    const ended = Promise.all([booting, app.close()]).finally(() => {
      hasEnded = true;
    });
    while (!hasEnded) {
      await turn();
      // In small steps, so that the hooks of the shutdown run before the boot's 3 s are over.
      if (time.nextDueIn !== undefined)
        await time.advance(Math.min(100, time.nextDueIn));
    }
    await ended;
    expect(logger.saying('Started without')).toEqual([]);
  });
});
