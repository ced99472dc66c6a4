import { afterEach, describe, expect, it } from '@jest/globals';
import { LogBook } from '../../support/log-book.js';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';
import { VirtualTime } from '../../support/virtual-time.js';

describe('A refresh token', () => {
  afterEach(closeShops);

  it('that is rejected is followed by a login in the same renewal', async () => {
    const { portone, tokens } = await openShop();
    portone.revokeRefreshTokens();
    await tokens.renew();
    expect(portone.calls).toMatchObject({ login: 2, refresh: 1 });
  });

  it.each([
    ['sent before its last second', 900, { login: 1, refresh: 1 }],
    ['not sent in its last second', 901, { login: 2, refresh: 0 }],
  ])('is %s', async (_, age, calls) => {
    const { portone, tokens, advance } = await openShop({
      emulator: { refreshTokenLifetime: 902 },
    });
    await advance(age * 1000);
    await tokens.renew();
    expect(portone.calls).toMatchObject(calls);
  });

  it('that expired while the machine was suspended is not sent, and no warning names another process', async () => {
    const log = new LogBook();
    const time = new VirtualTime();
    const sleptMs = 25 * 3_600_000;
    let isAwake = false;
    const now = () => time.trueTime.now() + (isAwake ? sleptMs : 0);
    const portone = await openEmulator({ clock: { now } });
    const { tokens } = await openShop({ portone, time, logger: log });
    isAwake = true;
    time.skewWallClock(sleptMs);
    await tokens.getAccessToken();
    expect(portone.calls).toMatchObject({ login: 2, refresh: 0 });
    expect(log.saying('another process')).toEqual([]);
  });

  it('that is rejected in every renewal causes one warning, which names another process and the shared store', async () => {
    const log = new LogBook();
    const { portone, tokens } = await openShop({ logger: log });
    portone.resetCalls();
    for (let renewal = 0; renewal < 50; renewal += 1) {
      portone.revokeRefreshTokens();
      await tokens.renew();
    }
    expect(portone.calls.tokens).toBeLessThanOrEqual(60);
    expect(log.saying('another process logs in')).toHaveLength(1);
    expect(log.saying('shared store', 'warn')).toHaveLength(1);
  });

  it('that was used in a call whose answer was lost is followed by one login, without a warning about another process', async () => {
    const log = new LogBook();
    const { portone, tokens, advance } = await openShop({ logger: log });
    portone.resetCalls();
    const lost = { kind: 'reset-before-answer' } as const;
    portone.fail('refresh', lost, { times: 1, processed: true });
    await expect(tokens.renew()).rejects.toMatchObject({
      reason: 'PORTONE_TOKEN_NETWORK',
    });
    await advance(tokens.snapshot().renewsInMs! + 1);
    expect(portone.calls).toMatchObject({ refresh: 2, login: 1 });
    await tokens.renew();
    expect(portone.calls).toMatchObject({ refresh: 3, login: 1 });
    expect(log.saying('another process')).toEqual([]);
  });
});
