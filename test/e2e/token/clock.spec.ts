import { afterEach, describe, expect, it } from '@jest/globals';
import { closeShops, openShop } from '../../support/shop.js';
import { until, VirtualTime } from '../../support/virtual-time.js';

const payment = '/payments/payment-1';
const HOUR = 3_600_000;

describe("The host's clock", () => {
  afterEach(closeShops);

  it.each([-2 * HOUR, 2 * HOUR])(
    'that is wrong by %i ms causes no failed call and no 401, and one token call a lifetime',
    async (skew) => {
      const time = new VirtualTime();
      time.skewWallClock(skew);
      const { portone, http, advance } = await openShop({ time });
      for (let minute = 0; minute < 120; minute += 1) {
        expect((await http.axiosRef.get(payment)).status).toBe(200);
        await advance(60_000);
      }
      expect(portone.calls).toMatchObject({
        login: 1,
        refresh: 4,
        unauthorized: 0,
      });
    },
  );

  it.each([-2 * HOUR, 2 * HOUR])(
    'that jumps by %i ms during the life of a token causes at most one more renewal',
    async (jump) => {
      const { portone, http, time, advance } = await openShop();
      await advance(600_000);
      const before = portone.calls.tokens;
      time.skewWallClock(jump);
      await advance(60_000);
      for (let call = 0; call < 10; call += 1)
        expect((await http.axiosRef.get(payment)).status).toBe(200);
      expect(portone.calls.tokens - before).toBeLessThanOrEqual(1);
      time.skewWallClock(0);
      await advance(60_000);
      expect((await http.axiosRef.get(payment)).status).toBe(200);
      expect(portone.calls.tokens - before).toBeLessThanOrEqual(2);
      expect(portone.calls.unauthorized).toBe(0);
    },
  );

  it('shows after a suspend that the token has expired, although no timer has fired', async () => {
    const { portone, http, time, tokens } = await openShop();
    portone.resetCalls();
    time.skewWallClock(2 * HOUR);
    expect(tokens.peekAccessToken()).toBeUndefined();
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    expect(portone.calls).toMatchObject({ tokens: 1, unauthorized: 0 });
  });

  it('shows after a suspend that the renewal in flight is overdue, and another one starts', async () => {
    const { portone, http, time, tokens } = await openShop();
    portone.fail('refresh', { kind: 'hang' }, { times: 1 });
    const frozen = tokens.renew();
    while (portone.calls.refresh === 0) await new Promise(setImmediate);
    time.skewWallClock(2 * HOUR);
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    await frozen;
    expect(portone.calls).toMatchObject({ login: 1, refresh: 2 });
  });

  it('that jumps an hour ahead while PortOne is down: calls still get the token, because it is valid by the other clock', async () => {
    const { portone, http, time, tokens, advance } = await openShop();
    const token = tokens.peekAccessToken();
    await advance(300_000);
    portone.fail('tokens', { kind: 'status', status: 503 });
    time.skewWallClock(HOUR);
    for (let minute = 0; minute < 24; minute += 1) {
      expect((await http.axiosRef.get(payment)).status).toBe(200);
      expect(await tokens.getAccessToken()).toBe(token);
      await advance(60_000);
    }
    // Now the token has expired by both clocks.
    await advance(60_000);
    await expect(http.axiosRef.get(payment)).rejects.toThrow('503');
    portone.heal();
    await advance(60_000);
    expect((await http.axiosRef.get(payment)).status).toBe(200);
  });

  it('that jumps an hour ahead while PortOne answers no token call: no call waits longer than tokenTimeout', async () => {
    const { portone, http, time, tokens, advance } = await openShop();
    const token = tokens.peekAccessToken();
    await advance(300_000);
    portone.fail('tokens', { kind: 'hang' });
    time.skewWallClock(HOUR);
    let status = 0;
    void http.axiosRef.get(payment).then((answer) => (status = answer.status));
    await until(() => portone.calls.tokens === 1);
    await time.advance(10_000);
    await until(() => status === 200);
    expect(tokens.peekAccessToken()).toBe(token);
  });
});
