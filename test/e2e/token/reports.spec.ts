import { afterEach, describe, expect, it } from '@jest/globals';
import type { TokenEvent } from '../../../lib/index.js';
import { LogBook } from '../../support/log-book.js';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';
import { VirtualTime } from '../../support/virtual-time.js';

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
});
