import { describe, expect, it } from '@jest/globals';
import { HeldToken } from '../../../lib/token/life/held-token.js';
import { VirtualTime } from '../../support/virtual-time.js';

const time = new VirtualTime();
const hold = (lifetimeMs: number, random = 0.5) =>
  new HeldToken(
    {
      accessToken: 'a',
      claims: { iat: 0, exp: 1 },
      chain: 'c',
      generation: 1,
      method: 'login',
      since: time.clock.now(),
      lifetimeMs,
    },
    time.clock,
    { at: 0.8, jitter: 0.05 },
    () => random,
  );

describe('A held token', () => {
  it('is renewed after 80 to 85 % of its lifetime', () => {
    expect(hold(1_000_000, 0).renewsInMs).toBe(800_000);
    expect(hold(1_000_000, 1).renewsInMs).toBeCloseTo(850_000);
  });

  it('spreads the renewals of 100 clients over the jitter', () => {
    const due = Array.from({ length: 100 }, () =>
      hold(1_800_000, Math.random()),
    ).map(({ renewsInMs }) => renewsInMs);
    expect(Math.min(...due)).toBeGreaterThanOrEqual(1_440_000);
    expect(Math.max(...due)).toBeLessThanOrEqual(1_530_000);
    expect(Math.max(...due) - Math.min(...due)).toBeGreaterThan(45_000);
  });

  it('is renewed at least 60 s before its end when it lives longer than 5 min', () => {
    const token = new HeldToken(
      { ...hold(301_000).token },
      time.clock,
      { at: 0.95, jitter: 0.05 },
      () => 1,
    );
    expect(token.renewsInMs).toBe(241_000);
  });

  it.each([
    [10_000, 9_500],
    [100_000, 95_000],
    [1_800_000, 1_795_000],
    [86_400_000, 86_395_000],
  ])('of %i ms is handed out for %i ms', (lifetime, usable) => {
    expect(hold(lifetime).expiresInMs).toBe(usable);
  });

  it('is fresh, then stale, then expired', async () => {
    const token = hold(100_000);
    expect(token.state).toBe('fresh');
    await time.advance(82_500);
    expect(token.state).toBe('stale');
    expect(token.isUsable).toBe(true);
    expect(token.expiresInMs).toBe(12_500);
    await time.advance(12_500);
    expect(token.state).toBe('expired');
    expect(token.isUsable).toBe(false);
    expect(token.expiresInMs).toBe(0);
  });

  it('is expired at once when it is discarded', () => {
    const token = hold(100_000);
    token.isDiscarded = true;
    expect(token).toMatchObject({
      state: 'expired',
      isUsable: false,
      expiresInMs: 0,
      renewsInMs: 0,
    });
  });
});
