import { afterEach, describe, expect, it } from '@jest/globals';
import {
  CredentialsRejectedError,
  TokenUnavailableError,
} from '../../../lib/index.js';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';
import { turn, VirtualTime } from '../../support/virtual-time.js';

const payment = '/payments/payment-1';

describe('An eager start', () => {
  afterEach(closeShops);

  it('stops the boot when the secret is rejected, and says which client, what PortOne said and what to check', async () => {
    const apiSecret = 'a-v1-key-that-is-no-v2-secret';
    const error: unknown = await openShop({ options: { apiSecret } }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(CredentialsRejectedError);
    const { message } = error as Error;
    expect(message).toContain("client 'default'");
    expect(message).toContain('401 UNAUTHORIZED');
    expect(message).toContain('V1 API key');
    expect(message).not.toContain(apiSecret);
  });

  it.each([
    ['unreachable', { kind: 'reset-before-answer' }],
    ['hanging', { kind: 'hang' }],
    ['down', { kind: 'status', status: 503 }],
  ] as const)(
    'with PortOne %s takes at most 3 s; calls then fail with a typed error, and work later without a restart',
    async (_, fault) => {
      const time = new VirtualTime();
      const portone = await openEmulator({ clock: time.trueTime });
      portone.fail('tokens', fault);
      let isBooted = false;
      const opening = openShop({ portone, time }).finally(() => {
        isBooted = true;
      });
      const begun = time.clock.now().monotonic;
      while (!isBooted) {
        await turn();
        // Only a PortOne that hangs makes the boot wait, for 3 s.
        if (portone.calls.tokens > 0 && time.nextDueIn !== undefined)
          await time.advance(Math.min(100, time.nextDueIn));
      }
      expect(time.clock.now().monotonic - begun).toBeLessThanOrEqual(3_000);
      const { http, advance, tokens } = await opening;
      const refused = http.axiosRef
        .get(payment)
        .catch((error: unknown) => error);
      if (fault.kind === 'hang') await time.advance(7_000);
      expect(await refused).toBeInstanceOf(TokenUnavailableError);
      expect(portone.calls.api).toBe(0);

      portone.heal();
      await advance(tokens.snapshot().renewsInMs! + 1);
      expect((await http.axiosRef.get(payment)).status).toBe(200);
    },
  );
});

describe('A lazy start', () => {
  afterEach(closeShops);

  it('makes no token call before the first call', async () => {
    const { portone, http, tokens } = await openShop({
      options: { eager: false },
    });
    expect(portone.calls.tokens).toBe(0);
    expect(tokens.snapshot()).toMatchObject({ state: 'empty', shared: false });
    await http.axiosRef.get(payment);
    expect(portone.calls.login).toBe(1);
    expect(tokens.snapshot().state).toBe('fresh');
  });
});

describe('Without background renewal', () => {
  afterEach(closeShops);
  const options = { renewal: { background: false } };

  it('no timer is set, and a call that finds a stale token starts a renewal in the background', async () => {
    const { portone, http, time, tokens } = await openShop({ options });
    expect(time.nextDueIn).toBeUndefined();
    await time.advance(1_600_000);
    expect(portone.calls.refresh).toBe(0);
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    await tokens.renew();
    expect(portone.calls).toMatchObject({
      login: 1,
      refresh: 1,
      unauthorized: 0,
    });
  });

  it('a call that finds an expired token waits for its renewal', async () => {
    const { portone, http, time } = await openShop({ options });
    await time.advance(3_600_000);
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    expect(portone.calls).toMatchObject({
      login: 1,
      refresh: 1,
      unauthorized: 0,
    });
  });
});
