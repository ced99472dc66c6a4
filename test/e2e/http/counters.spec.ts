import { afterEach, describe, expect, it } from '@jest/globals';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';

const payment = '/payments/payment-1';
const CALLERS = 300;

describe('The counters of snapshot()', () => {
  afterEach(closeShops);

  async function openCounted() {
    const shop = await openShop();
    const replays: unknown[] = [];
    shop.tokens.events$.subscribe((event) => {
      if (event.type === 'replayed') replays.push(event.outcome);
    });
    return { ...shop, replays };
  }

  it('count every call that one renewal heals, while a single event reports them', async () => {
    const { portone, http, tokens, replays } = await openCounted();
    portone.revokeAccessTokens();
    await Promise.all(
      Array.from({ length: CALLERS }, () => http.axiosRef.get(payment)),
    );
    expect(tokens.snapshot()).toMatchObject({
      attached: CALLERS,
      refused: CALLERS,
      healed: CALLERS,
      unhealed: 0,
      waiting: 0,
    });
    expect([replays, portone.calls.tokens]).toEqual([['healed'], 2]);
  });

  it('count a refused replay, but not a call to another origin', async () => {
    const { portone, http, tokens, replays } = await openCounted();
    const foreign = await openEmulator();
    portone.fail('api', { kind: 'status', status: 401 });
    await http.axiosRef.get(payment).catch(() => undefined);
    await http.axiosRef.get(`${foreign.url}${payment}`).catch(() => undefined);
    expect(tokens.snapshot()).toMatchObject({
      attached: 1,
      refused: 1,
      healed: 0,
      unhealed: 1,
      waiting: 0,
    });
    expect(replays).toEqual(['unhealed']);
  });
});
