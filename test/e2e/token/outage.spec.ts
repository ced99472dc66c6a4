import { afterEach, describe, expect, it } from '@jest/globals';
import { TokenUnavailableError } from '../../../lib/index.js';
import { closeShops, openShop, type Shop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';

const payment = '/payments/payment-1';

/** A shop with a token that lives for another 399 s, and token endpoints that are down. */
async function openOutage(): Promise<Shop> {
  const shop = await openShop();
  await shop.advance(1_400_000);
  shop.portone.fail('tokens', { kind: 'status', status: 503 });
  return shop;
}

describe('While the token endpoints are down', () => {
  afterEach(closeShops);

  it('they are called again when the token expires; until then callers get the token', async () => {
    const { portone, http, advance, time } = await openOutage();
    const end = 1_799_000;
    while (time.clock.now().monotonic < end - 1_000) {
      expect((await http.axiosRef.get(payment)).status).toBe(200);
      await advance(1_000);
    }
    expect(portone.calls).toMatchObject({ login: 1, unauthorized: 0 });
    portone.heal();
    await advance(1_000);
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    expect(portone.calls.unauthorized).toBe(0);
  });

  it('they are called again soon after the token has expired, however long they were down', async () => {
    const { portone, http, advance } = await openOutage();
    await advance(400_000);
    portone.heal();
    await advance(1_500);
    expect((await http.axiosRef.get(payment)).status).toBe(200);
  });

  it('callers get the token until its computed end, and not longer', async () => {
    const { portone, tokens, time, advance } = await openOutage();
    await advance(398_999);
    expect(tokens.peekAccessToken()).toBeDefined();
    await time.advance(1);
    await until(() => portone.calls.tokens > 0);
    await expect(tokens.getAccessToken()).rejects.toBeInstanceOf(
      TokenUnavailableError,
    );
  });

  it('the backoff starts again when the token has expired', async () => {
    const { tokens, advance } = await openOutage();
    await advance(402_000);
    const error: unknown = await tokens
      .getAccessToken()
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ retryAfterMs: expect.any(Number) });
    expect((error as TokenUnavailableError).retryAfterMs).toBeLessThan(2_000);
  });

  it('callers get an error when the token has expired, and their requests are not sent', async () => {
    const { portone, http, advance } = await openOutage();
    await advance(402_000);
    portone.resetCalls();
    await expect(http.axiosRef.get(payment)).rejects.toBeInstanceOf(
      TokenUnavailableError,
    );
    expect(portone.calls.api).toBe(0);
  });

  it('and an attempt hangs, every caller gets the token until its end', async () => {
    const { portone, http, advance, time } = await openShop();
    const down = { kind: 'status', status: 503 } as const;
    portone.fail('tokens', { ...down, retryAfter: 300 });
    await advance(1_484_200);
    portone.fail('tokens', { ...down, retryAfter: 12 });
    await advance(300_000);
    portone.fail('tokens', { kind: 'hang' });
    await time.advance(12_000);
    await until(() => portone.calls.tokens === 4);
    while (time.clock.now().monotonic < 1_798_000) {
      expect((await http.axiosRef.get(payment)).status).toBe(200);
      await time.advance(500);
    }
    expect(portone.calls).toMatchObject({ tokens: 4, unauthorized: 0 });
  });

  it('25 refused calls cause one token call, and no pause begins', async () => {
    const shop = await openOutage();
    const { portone, http, tokens, advance } = shop;
    portone.revokeAccessTokens();
    portone.resetCalls();
    for (let call = 0; call < 25; call += 1)
      await expect(http.axiosRef.get(payment)).rejects.toBeInstanceOf(
        TokenUnavailableError,
      );
    expect(portone.calls.tokens).toBe(1);
    expect(tokens.snapshot().pausedForMs).toBeUndefined();
    portone.heal();
    await advance(tokens.snapshot().renewsInMs! + 1);
    expect((await http.axiosRef.get(payment)).status).toBe(200);
  });

  it('an invalidated token is handed out again as soon as its renewal has failed', async () => {
    const { portone, http, tokens, advance } = await openOutage();
    const invalidated = await tokens.getAccessToken();
    portone.resetCalls();
    tokens.invalidate(invalidated);
    expect(tokens.peekAccessToken()).toBeUndefined();
    for (let second = 0; second < 390; second += 10) {
      expect((await http.axiosRef.get(payment)).status).toBe(200);
      await advance(10_000);
    }
    expect(portone.calls.unauthorized).toBe(0);
    expect(portone.calls.tokens).toBeLessThan(20);
    portone.heal();
    await advance(tokens.snapshot().renewsInMs! + 1);
    expect(await tokens.getAccessToken()).not.toBe(invalidated);
  });

  it('invalidate() does not shorten the backoff', async () => {
    const { portone, tokens, advance } = await openOutage();
    await advance(200_000);
    await advance(tokens.snapshot().renewsInMs! + 1);
    const wait = tokens.snapshot().renewsInMs!;
    portone.resetCalls();
    tokens.invalidate(await tokens.getAccessToken());
    await advance(wait - 1);
    expect(portone.calls.tokens).toBe(0);
    await advance(1);
    expect(portone.calls.tokens).toBe(1);
  });

  it('invalidate() does not shorten the wait that Retry-After asks for', async () => {
    const { portone, tokens, advance } = await openShop();
    const down = { kind: 'status', status: 503, retryAfter: 300 } as const;
    portone.fail('tokens', down);
    await advance(1_484_200);
    portone.resetCalls();
    tokens.invalidate(await tokens.getAccessToken());
    await advance(299_000);
    expect(portone.calls.tokens).toBe(0);
    await advance(1_000);
    expect(portone.calls.tokens).toBe(1);
  });
});

describe('Without background renewal, in the last seconds of a token', () => {
  afterEach(closeShops);

  const options = { renewal: { background: false } };

  /** A shop with a new token, in which one renewal has failed. */
  async function openFailedOnce(): Promise<Shop> {
    const shop = await openShop({ options });
    const down = { kind: 'status', status: 503 } as const;
    shop.portone.fail('tokens', down, { times: 1 });
    await expect(shop.tokens.renew()).rejects.toThrow('503');
    return shop;
  }

  it('no call fails when the first attempt fails', async () => {
    const { portone, http, time } = await openShop({ options });
    await time.advance(1_795_000);
    portone.fail('tokens', { kind: 'status', status: 503 });
    for (let call = 0; call < 3; call += 1)
      expect((await http.axiosRef.get(payment)).status).toBe(200);
    expect(portone.calls).toMatchObject({ tokens: 2, unauthorized: 0 });
  });

  it.each([
    [
      'a request with a timeout',
      ({ http }: Shop) => http.axiosRef.get(payment, { timeout: 2_000 }),
    ],
    [
      'peekAccessToken()',
      async ({ tokens }: Shop) => ({ status: tokens.peekAccessToken() && 200 }),
    ],
  ])(
    '%s gets the token at once, and a renewal starts in the background, even if one failed long ago',
    async (_, ask) => {
      const shop = await openFailedOnce();
      const { portone, time } = shop;
      await time.advance(1_796_000);
      portone.fail('tokens', { kind: 'hang' });
      expect((await ask(shop)).status).toBe(200);
      await until(() => portone.calls.tokens === 3);
      expect(portone.calls.unauthorized).toBe(0);
    },
  );

  it('an abort ends only the wait of its caller', async () => {
    const { portone, tokens, time } = await openFailedOnce();
    await time.advance(1_799_500);
    portone.fail('tokens', { kind: 'hang' });
    const mine = new AbortController();
    const aborted = tokens.getAccessToken({ signal: mine.signal });
    await until(() => portone.calls.tokens === 3);
    mine.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
  });

  it('and after its end, the token is renewed and not sent', async () => {
    const { portone, http, time } = await openFailedOnce();
    await time.advance(1_800_500);
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    expect(portone.calls).toMatchObject({ tokens: 3, unauthorized: 0 });
  });
});
