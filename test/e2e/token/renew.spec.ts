import { afterEach, describe, expect, it } from '@jest/globals';
import { closeShops, openShop } from '../../support/shop.js';

describe('renew()', () => {
  afterEach(closeShops);

  it('makes one token call when the app calls it 300 times in a row', async () => {
    const { portone, tokens } = await openShop();
    portone.resetCalls();
    for (let call = 0; call < 300; call += 1) await tokens.renew();
    expect(portone.calls.tokens).toBe(1);
  });

  it('makes at most one token call a second when the app calls it ten times a second', async () => {
    const { portone, tokens, advance } = await openShop();
    portone.resetCalls();
    for (let call = 0; call < 300; call += 1) {
      await tokens.renew();
      await advance(100);
    }
    expect(portone.calls.tokens).toBe(30);
  });

  it('makes one renewal when 300 callers call it at once', async () => {
    const { portone, tokens } = await openShop();
    const before = tokens.peekAccessToken();
    portone.resetCalls();
    await Promise.all(Array.from({ length: 300 }, () => tokens.renew()));
    expect(portone.calls.tokens).toBe(1);
    expect(tokens.peekAccessToken()).not.toBe(before);
  });

  it('makes a token call at once when there is no usable token, even within a second of the last one', async () => {
    const { portone, tokens } = await openShop();
    await tokens.renew();
    portone.resetCalls();
    tokens.invalidate(await tokens.getAccessToken());
    expect(tokens.peekAccessToken()).toBeUndefined();
    await tokens.renew();
    expect(portone.calls.tokens).toBe(1);
    expect(tokens.peekAccessToken()).toBeDefined();
  });

  it('makes few token calls for an app that calls it after every 403', async () => {
    const { portone, http, tokens, advance } = await openShop({
      emulator: { permissions: [] },
    });
    portone.resetCalls();
    for (let call = 0; call < 100; call += 1) {
      const { status } = await http.axiosRef.get('/payments/payment-1', {
        validateStatus: () => true,
      });
      expect(status).toBe(403);
      await tokens.renew();
      await advance(50);
    }
    expect(portone.calls.tokens).toBe(5);
  });
});
