import { afterEach, describe, expect, it } from '@jest/globals';
import {
  TokenUnavailableError,
  type AuthModuleOptions,
} from '../../../lib/index.js';
import type { Fault } from '../../../lib/testing/index.js';
import { closeShops, openShop } from '../../support/shop.js';
import { until } from '../../support/virtual-time.js';

const payment = '/payments/payment-1';

/** Faults of PortOne or of the network, and the reason in the error. */
const faults: [string, Fault, string][] = [
  ['status 500', { kind: 'status', status: 500 }, 'PORTONE_TOKEN_STATUS'],
  ['status 403', { kind: 'status', status: 403 }, 'PORTONE_TOKEN_STATUS'],
  ['status 404', { kind: 'status', status: 404 }, 'PORTONE_TOKEN_STATUS'],
  ['status 429', { kind: 'status', status: 429 }, 'PORTONE_TOKEN_STATUS'],
  [
    'status 401 of an unknown type',
    { kind: 'status', status: 401, body: { type: 'STATUS_401' } },
    'PORTONE_TOKEN_STATUS',
  ],
  ["a firewall's HTML 401", { kind: 'html-401' }, 'PORTONE_TOKEN_STATUS'],
  [
    'a redirect',
    { kind: 'redirect', location: 'http://127.0.0.1:9/' },
    'PORTONE_TOKEN_STATUS',
  ],
  [
    'a reset before the answer',
    { kind: 'reset-before-answer' },
    'PORTONE_TOKEN_NETWORK',
  ],
  [
    'a reset in the answer',
    { kind: 'reset-mid-answer' },
    'PORTONE_TOKEN_NETWORK',
  ],
  ['a truncated body', { kind: 'truncated' }, 'PORTONE_TOKEN_NETWORK'],
  ['bytes that are not HTTP', { kind: 'garbage' }, 'PORTONE_TOKEN_NETWORK'],
  ['HTML with 200', { kind: 'html' }, 'PORTONE_TOKEN_RESPONSE_INVALID'],
  ['an empty body', { kind: 'empty-body' }, 'PORTONE_TOKEN_RESPONSE_INVALID'],
  ['broken JSON', { kind: 'broken-json' }, 'PORTONE_TOKEN_RESPONSE_INVALID'],
  ['no tokens', { kind: 'missing-tokens' }, 'PORTONE_TOKEN_RESPONSE_INVALID'],
  [
    'an access token without a refresh token',
    { kind: 'access-token-only' },
    'PORTONE_TOKEN_RESPONSE_INVALID',
  ],
  [
    'malformed tokens',
    { kind: 'malformed-tokens' },
    'PORTONE_TOKEN_RESPONSE_INVALID',
  ],
  [
    'tokens whose exp is not after iat',
    { kind: 'exp-not-after-iat' },
    'PORTONE_TOKEN_RESPONSE_INVALID',
  ],
];

const timeouts: [string, Fault][] = [
  ['no answer', { kind: 'hang' }],
  ['headers, then nothing', { kind: 'headers-then-hang' }],
  ['a body that arrives byte by byte', { kind: 'slow-drip', intervalMs: 5 }],
];

describe('A login with the fault', () => {
  afterEach(closeShops);

  it.each(faults)(
    '%s ends with a typed, retryable error',
    async (_, fault, reason) => {
      const { portone, tokens } = await openShop({ options: { eager: false } });
      portone.fail('login', fault);
      const call = tokens.getAccessToken();
      await expect(call).rejects.toBeInstanceOf(TokenUnavailableError);
      await expect(call).rejects.toMatchObject({
        code: 'PORTONE_TOKEN_UNAVAILABLE',
        reason,
        retryable: true,
      });
      expect(portone.calls.tokens).toBe(1);
    },
  );

  it.each(timeouts)('%s ends at the deadline', async (_, fault) => {
    const { portone, tokens, time } = await openShop({
      options: { eager: false },
    });
    portone.fail('login', fault);
    const refused = tokens.getAccessToken().catch((error: unknown) => error);
    await until(() => portone.calls.login === 1);
    await time.advance(9_999);
    expect(tokens.snapshot().lastErrorCode).toBeUndefined();
    await time.advance(1);
    expect(await refused).toMatchObject({ reason: 'PORTONE_TOKEN_TIMEOUT' });
  });
});

describe('A refresh with the fault', () => {
  afterEach(closeShops);

  it.each([
    ...faults,
    ...timeouts.map(
      ([name, fault]) =>
        [name, fault, 'PORTONE_TOKEN_TIMEOUT'] as (typeof faults)[number],
    ),
  ])(
    '%s causes no login and no failed call, and the next refresh succeeds',
    async (_, fault, reason) => {
      const { portone, http, tokens, time, advance } = await openShop();
      portone.fail('refresh', fault);
      await time.advance(0.825 * 1_799_000 + 1, () =>
        until(() => portone.calls.refresh > 0 || time.nextDueIn !== undefined),
      );
      await until(() => portone.calls.refresh === 1);
      expect((await http.axiosRef.get(payment)).status).toBe(200);
      if (reason === 'PORTONE_TOKEN_TIMEOUT') await advance(10_000);
      await until(() => tokens.snapshot().lastErrorCode === reason);
      expect((await http.axiosRef.get(payment)).status).toBe(200);
      expect(portone.calls).toMatchObject({ login: 1, refresh: 1 });

      portone.heal();
      await advance(tokens.snapshot().renewsInMs! + 1);
      expect(tokens.snapshot()).toMatchObject({
        state: 'fresh',
        consecutiveFailures: 0,
      });
      expect(portone.calls).toMatchObject({
        login: 1,
        refresh: 2,
        unauthorized: 0,
      });
    },
  );

  it('expired tokens does not replace the good token', async () => {
    const { portone, http, tokens } = await openShop();
    const good = await tokens.getAccessToken();
    portone.fail('refresh', { kind: 'expired-tokens' });
    await expect(tokens.renew()).rejects.toMatchObject({
      reason: 'PORTONE_TOKEN_RESPONSE_INVALID',
    });
    expect(tokens.peekAccessToken()).toBe(good);
    expect((await http.axiosRef.get(payment)).status).toBe(200);
  });
});

describe('A token endpoint that is down', () => {
  afterEach(closeShops);

  it.each<[string, AuthModuleOptions['apiSecret']]>([
    ['a string', 'the-secret'],
    ['a function', () => 'the-secret'],
  ])(
    'is called once in each backoff step, however many callers there are (the secret is %s)',
    async (_, apiSecret) => {
      const { portone, tokens, advance } = await openShop({
        emulator: { apiSecret: 'the-secret' },
        options: { apiSecret, eager: false },
      });
      portone.fail('tokens', { kind: 'status', status: 503 });
      const waits: number[] = [];
      for (let step = 1; step <= 8; step += 1) {
        const calls = Array.from({ length: 50 }, () =>
          tokens.getAccessToken().catch((error: unknown) => error),
        );
        const [error] = await Promise.all(calls);
        expect(error).toBeInstanceOf(TokenUnavailableError);
        expect(portone.calls.tokens).toBe(step);
        waits.push(tokens.snapshot().renewsInMs!);
        await advance(tokens.snapshot().renewsInMs! - 1);
        await expect(tokens.getAccessToken()).rejects.toMatchObject({
          retryAfterMs: 1,
        });
        expect(portone.calls.tokens).toBe(step);
        await advance(1);
      }
      // initial + 0.5 * (min(max, initial * 2^n) - initial)
      expect(waits).toEqual([
        1_500, 2_500, 4_500, 8_500, 16_500, 30_500, 30_500, 30_500,
      ]);
    },
  );

  it.each(['auto', 'refresh'] as const)(
    'gets a rejected refresh token only once (strategy %s)',
    async (strategy) => {
      const { portone, tokens, advance } = await openShop({
        options: { renewal: { strategy } },
      });
      portone.revokeRefreshTokens();
      portone.fail('login', { kind: 'status', status: 503 });
      portone.resetCalls();
      await expect(tokens.renew()).rejects.toThrow('503');
      for (let step = 0; step < 20; step += 1)
        await advance(tokens.snapshot().renewsInMs! + 1);
      expect(portone.calls).toMatchObject({ refresh: 1, login: 21 });
    },
  );

  it.each([
    [30, 30_000],
    [3600, 300_000],
    [new Date(Date.UTC(2026, 0, 1, 0, 2)).toUTCString(), 120_000],
  ])(
    'is not called during its Retry-After of %s, for 5 min at most',
    async (retryAfter, ms) => {
      const { portone, tokens } = await openShop({ options: { eager: false } });
      portone.fail('login', { kind: 'status', status: 429, retryAfter });
      await expect(tokens.getAccessToken()).rejects.toMatchObject({
        retryAfterMs: ms,
      });
    },
  );
});
