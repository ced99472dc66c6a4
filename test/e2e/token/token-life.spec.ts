import { afterEach, describe, expect, it } from '@jest/globals';
import { LogBook } from '../../support/log-book.js';
import { closeShops, openShop } from '../../support/shop.js';

const payment = '/payments/payment-1';

describe('The life of a token', () => {
  afterEach(closeShops);

  it.each([true, false])(
    '1,000 concurrent first calls share one login (eager: %s)',
    async (eager) => {
      const { portone, http } = await openShop({ options: { eager } });
      const answers = await Promise.all(
        Array.from({ length: 1000 }, () => http.axiosRef.get(payment)),
      );
      expect(answers.every(({ status }) => status === 200)).toBe(true);
      expect(portone.calls).toMatchObject({
        login: 1,
        refresh: 0,
        api: 1000,
        unauthorized: 0,
      });
    },
  );

  it('in 50 lifetimes of steady traffic each renewal is one refresh, and no call fails', async () => {
    const { portone, http, advance } = await openShop();
    for (let lifetime = 0; lifetime < 50; lifetime += 1) {
      const before = portone.calls.tokens;
      while (portone.calls.tokens === before) {
        expect((await http.axiosRef.get(payment)).status).toBe(200);
        await advance(120_000);
      }
    }
    expect(portone.calls).toMatchObject({
      login: 1,
      refresh: 50,
      unauthorized: 0,
    });
  });

  it('control: the emulator answers 401 when the token is not renewed', async () => {
    const { portone, http, time } = await openShop({
      options: { renewal: { background: false } },
    });
    const token = portone.calls.tokens;
    portone.fail('tokens', { kind: 'status', status: 503 });
    await http.axiosRef.get(payment);
    const { headers } = portone.calls.requests.at(-1)!;
    await time.advance(31 * 60_000);
    const answer = await fetch(`${portone.url}${payment}`, {
      headers: { authorization: String(headers['authorization']) },
    });
    expect(answer.status).toBe(401);
    expect(token).toBe(1);
  });

  it.each([10, 60, 1800, 86_400])(
    'tokens of %i s are renewed in time, by refresh',
    async (seconds) => {
      const { portone, http, advance } = await openShop({
        emulator: {
          accessTokenLifetime: seconds,
          refreshTokenLifetime: 2 * seconds,
        },
      });
      for (let step = 0; step < 40; step += 1) {
        expect((await http.axiosRef.get(payment)).status).toBe(200);
        await advance((seconds * 1000) / 10);
      }
      expect(portone.calls).toMatchObject({ login: 1, unauthorized: 0 });
      expect(portone.calls.refresh).toBeGreaterThanOrEqual(4);
      expect(portone.calls.refresh).toBeLessThanOrEqual(5);
    },
  );

  it('a token that lives for 60 days causes no loop of timers', async () => {
    const days = 86_400;
    const { portone, tokens, time } = await openShop({
      emulator: { accessTokenLifetime: 60 * days },
    });
    expect(tokens.snapshot().renewsInMs).toBeGreaterThan(40 * days * 1000);
    await time.advance(days * 1000);
    expect(portone.calls.tokens).toBe(1);
    expect(time.nextDueIn).toBeLessThanOrEqual(60_000);
    expect(time.nextDueIn).toBeGreaterThan(0);
  });

  it('events say what happened and hold no token', async () => {
    const { tokens, portone, time } = await openShop({
      options: { eager: false },
    });
    const events: object[] = [];
    tokens.events$.subscribe((event) => events.push(event));
    await tokens.getAccessToken();
    portone.setPermissions(['TX_READ', 'NEW_ONE']);
    await tokens.renew();
    tokens.invalidate(await tokens.getAccessToken());
    await tokens.getAccessToken();
    portone.fail('tokens', { kind: 'status', status: 503 });
    expect(events).toMatchObject([
      {
        type: 'acquired',
        client: 'default',
        expiresInMs: 1_794_000,
        cause: 'cold',
        method: 'login',
        durationMs: 0,
      },
      { type: 'renewed', cause: 'forced', method: 'refresh' },
      {
        type: 'permissions-changed',
        added: ['NEW_ONE'],
        removed: expect.arrayContaining(['TX_UPDATE']),
      },
      { type: 'invalidated' },
      { type: 'renewed' },
    ]);
    await time.advance(1_000);
    await expect(tokens.renew()).rejects.toThrow('status 503');
    expect(events.at(-1)).toMatchObject({
      type: 'renewal-failed',
      reason: 'PORTONE_TOKEN_STATUS',
      consecutiveFailures: 1,
      retryAfterMs: 1_500,
    });
    expect(JSON.stringify(events)).not.toContain('eyJ');
  });

  it('claims and permissions come from the usable token; without one there are no permissions', async () => {
    const { tokens, advance, portone } = await openShop({
      options: { eager: false, renewal: { background: false } },
      emulator: { permissions: ['TX_READ'] },
    });
    expect(tokens.hasPermission('TX_READ')).toBe(false);
    expect(tokens.missingPermissions('TX_READ')).toEqual(['TX_READ']);
    const { merchant_service } = await tokens.getClaims();
    expect(merchant_service).toMatchObject({ permissions: ['TX_READ'] });
    expect(tokens.hasPermission('TX_READ')).toBe(true);
    expect(tokens.missingPermissions('TX_UPDATE')).toEqual(['TX_UPDATE']);
    portone.setPermissions(['TX_UPDATE']);
    await advance(1_794_000);
    expect(tokens.hasPermission('TX_READ')).toBe(false);
    expect(await tokens.getClaims()).toMatchObject({
      merchant_service: { permissions: ['TX_UPDATE'] },
    });
    expect(portone.calls.tokens).toBe(2);
  });

  it('invalidate() discards a token only if it is the current one', async () => {
    const { portone, tokens } = await openShop();
    const first = await tokens.getAccessToken();
    await tokens.renew();
    const second = await tokens.getAccessToken();
    tokens.invalidate(first);
    expect(tokens.peekAccessToken()).toBe(second);
    tokens.invalidate(second);
    expect(tokens.peekAccessToken()).toBeUndefined();
    expect(await tokens.getAccessToken()).not.toBe(second);
    expect(portone.calls.tokens).toBe(3);
  });

  it('25 calls of invalidate() with one token cause one renewal', async () => {
    const { portone, tokens } = await openShop();
    const types: string[] = [];
    tokens.events$.subscribe(({ type }) => types.push(type));
    const refused = await tokens.getAccessToken();
    for (let times = 0; times < 25; times += 1) tokens.invalidate(refused);
    await tokens.getAccessToken();
    expect(types).toEqual(['invalidated', 'renewed']);
    expect(portone.calls.tokens).toBe(2);
    expect(tokens.snapshot().pausedForMs).toBeUndefined();
  });

  it('renewals go on when the logger throws', async () => {
    const log = new LogBook();
    const { portone, tokens, time } = await openShop({ logger: log });
    log.debug = log.warn = () => {
      throw new Error('disk full');
    };
    await tokens.renew();
    expect(tokens.snapshot().state).toBe('fresh');
    portone.fail('tokens', { kind: 'status', status: 503 });
    await time.advance(1_000);
    await expect(tokens.renew()).rejects.toThrow('503');
    expect(portone.calls.tokens).toBe(3);
  });

  it.each(['login', 'refresh'] as const)(
    'the strategy %s decides which token calls are made',
    async (strategy) => {
      const { portone, tokens, advance } = await openShop({
        options: { renewal: { strategy } },
      });
      for (let renewal = 0; renewal < 5; renewal += 1) {
        await tokens.renew();
        await advance(1_000);
      }
      expect(portone.calls).toMatchObject(
        strategy === 'login'
          ? { login: 6, refresh: 0 }
          : { login: 1, refresh: 5 },
      );
    },
  );

  it("a caller's abort ends only the wait of that caller", async () => {
    const { portone, tokens } = await openShop({ options: { eager: false } });
    const mine = new AbortController();
    const aborted = tokens
      .getAccessToken({ signal: mine.signal })
      .catch((error: unknown) => error);
    const other = tokens.getAccessToken();
    mine.abort(new Error('enough'));
    expect(await aborted).toMatchObject({ message: 'enough' });
    expect(await other).toBe(tokens.peekAccessToken());
    expect(portone.calls.login).toBe(1);
  });
});
