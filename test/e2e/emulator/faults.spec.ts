import { afterEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { AnswerFault, TokenFault } from '../../../lib/testing/index.js';
import {
  allowAnyAnswer,
  bearer,
  failure,
  http,
  openEmulator,
  stopEmulators,
} from './open-emulator.js';

afterEach(stopEmulators);

describe('A fault', () => {
  const broken: [AnswerFault, string[]][] = [
    [{ kind: 'reset-before-answer' }, ['ECONNRESET']],
    [{ kind: 'reset-mid-answer' }, ['ECONNRESET', 'ERR_BAD_RESPONSE']],
    [{ kind: 'truncated' }, ['ECONNRESET', 'ERR_BAD_RESPONSE']],
    [{ kind: 'garbage' }, ['HPE_INVALID_CONSTANT']],
    [{ kind: 'hang' }, ['ERR_CANCELED']],
    [{ kind: 'headers-then-hang' }, ['ERR_CANCELED']],
    [{ kind: 'slow-drip', intervalMs: 2 }, ['ERR_CANCELED']],
  ];
  it.each(broken)('%j sends no complete answer', async (fault, codes) => {
    const { portone, login, payment } = await openEmulator();
    portone.fail('api', fault);
    const { accessToken } = (await login()).data;
    const error = await failure(
      http.get(`${portone.url}/payments/payment-1`, {
        ...bearer(accessToken),
        signal: AbortSignal.timeout(150),
      }),
    );
    expect(codes).toContain(error.code);
    expect(portone.calls.api).toBe(1);
    portone.heal();
    expect((await payment(accessToken)).status).toBe(200);
  });

  const answered: [AnswerFault | TokenFault, number, unknown][] = [
    [
      { kind: 'status', status: 503 },
      503,
      { type: 'STATUS_503', message: expect.any(String) },
    ],
    [
      { kind: 'status', status: 200, body: { accessToken: 5 } },
      200,
      { accessToken: 5 },
    ],
    [{ kind: 'html' }, 200, expect.stringContaining('<!doctype html>')],
    [{ kind: 'html-401' }, 401, expect.stringContaining('firewall')],
    [{ kind: 'empty-body' }, 200, ''],
    [{ kind: 'broken-json' }, 200, '{"accessToken":"'],
    [{ kind: 'redirect', location: 'http://127.0.0.1:1/' }, 307, ''],
    [{ kind: 'missing-tokens' }, 200, {}],
    [{ kind: 'access-token-only' }, 200, { accessToken: expect.any(String) }],
    [
      { kind: 'malformed-tokens' },
      200,
      { accessToken: 'not-a-jwt', refreshToken: 'a.b.c' },
    ],
  ];
  it.each(answered)('%j answers %i', async (fault, status, data) => {
    const { portone, login, refresh } = await openEmulator();
    allowAnyAnswer(portone);
    portone.fail('tokens', fault);
    expect(await login()).toMatchObject({ status, data });
    expect(await refresh('any')).toMatchObject({ status, data });
    expect(portone.calls.tokens).toBe(2);
  });

  it('can send Retry-After in seconds or as a date', async () => {
    const { portone, login } = await openEmulator();
    allowAnyAnswer(portone);
    const date = new Date(0).toUTCString();
    for (const retryAfter of [7, date]) {
      portone.fail(
        'login',
        { kind: 'status', status: 429, retryAfter },
        { times: 1 },
      );
      const { status, headers } = await login();
      expect([status, headers['retry-after']]).toEqual([
        429,
        String(retryAfter),
      ]);
    }
    expect((await login()).status).toBe(200);
  });

  it('can issue tokens that are expired, or have no lifetime, by the given clock', async () => {
    const now = Date.UTC(2031, 0, 1);
    const { portone, login } = await openEmulator({
      clock: { now: () => now },
    });
    portone.fail('login', { kind: 'expired-tokens' });
    const expired = decodeJwt((await login()).data.accessToken);
    expect(expired.exp).toBe(now / 1000 - 60);
    expect((expired.exp as number) - (expired.iat as number)).toBe(1800);
    portone.fail('login', { kind: 'exp-not-after-iat' });
    const withoutLife = decodeJwt((await login()).data.accessToken);
    expect(withoutLife.exp).toBe(withoutLife.iat);
  });

  it('with times is used before a fault without, in the order of fail(); heal() ends faults by endpoint', async () => {
    const { portone, login, refresh } = await openEmulator();
    allowAnyAnswer(portone);
    const status = (code: number) =>
      ({ kind: 'status', status: code }) as const;
    portone.fail('tokens', status(500));
    portone.fail('tokens', status(501), { times: 1 });
    portone.fail('login', status(502), { times: 2 });
    expect((await refresh('x')).status).toBe(501);
    const codes = [await login(), await login(), await login(), await login()];
    expect(codes.map((answer) => answer.status)).toEqual([502, 502, 500, 500]);
    portone.heal('login');
    expect((await login()).status).toBe(200);
    expect((await refresh('x')).status).toBe(500);
    portone.fail('refresh', status(504));
    expect((await refresh('x')).status).toBe(504);
  });

  it('does not end the refresh token, unless the request was processed', async () => {
    const { portone, login, refresh } = await openEmulator();
    const { refreshToken } = (await login()).data;
    const reset = { kind: 'reset-before-answer' } as const;
    portone.fail('refresh', reset, { times: 1 });
    await failure(refresh(refreshToken));
    const { data } = await refresh(refreshToken);
    portone.fail('refresh', reset, { times: 1, processed: true });
    await failure(refresh(data.refreshToken));
    expect((await refresh(data.refreshToken)).status).toBe(401);
  });

  it('is delayed when its endpoint has a delay', async () => {
    const { portone, login } = await openEmulator({ responseDelay: 5 });
    allowAnyAnswer(portone);
    portone.delay('login', 30);
    portone.fail('login', { kind: 'delay', ms: 30 }, { times: 1 });
    portone.fail('login', { kind: 'html-401' }, { times: 1 });
    for (const [atLeast, status] of [
      [58, 200],
      [28, 401],
    ] as const) {
      const before = performance.now();
      expect((await login()).status).toBe(status);
      expect(performance.now() - before).toBeGreaterThanOrEqual(atLeast);
    }
  });
});
