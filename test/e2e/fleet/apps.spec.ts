import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PortOneEmulator } from '../../../lib/testing/index.js';
import { eventually } from '../../support/promises.js';
import {
  closeApps,
  openApp,
  openApps,
  type FleetApp,
} from '../../support/fleet-apps.js';
import { failuresDuring } from '../../support/fleet-calls.js';
import { CONNECT } from '../../support/redis-clients.js';
import { RedisMonitor } from '../../support/redis-monitor.js';
import { useRedis } from '../../support/redis-hooks.js';

const HOUR_MS = 3_600_000;
const PAYMENT = '/payments/payment-1';

const redis = useRedis();

describe('Apps that share a token through Redis', () => {
  let portone: PortOneEmulator;

  const held = (apps: readonly FleetApp[]) =>
    new Set(apps.map(({ tokens }) => tokens.peekAccessToken()));
  /** Tokens live longer than a test, so that only the test renews them. */
  const useLongLivedTokens = async () => {
    await portone.stop();
    portone = await PortOneEmulator.start();
  };
  const allHave = (apps: readonly FleetApp[], count: number) =>
    eventually(() =>
      apps.every(({ tokenEvents }) => tokenEvents.length >= count),
    );

  beforeEach(async () => {
    await redis.admin.flushall();
    portone = await PortOneEmulator.start({ accessTokenLifetime: 6 });
  });
  afterEach(async () => {
    await closeApps();
    await portone.stop();
  });

  it.each(CONNECT)(
    'make one login when 50 apps boot at the same time, over %s',
    async (_, connect) => {
      await useLongLivedTokens();
      // 50 apps in one process are slow to read Redis's answers.
      const options = { tokenTimeout: 20_000 };
      portone.delay('tokens', 50);
      const apps = await openApps(50, { portone, redis, options, connect });
      expect(portone.calls).toMatchObject({ login: 1, refresh: 0 });
      expect(held(apps)).toEqual(new Set([apps[0]!.tokens.peekAccessToken()]));
      expect(held(apps).has(undefined)).toBe(false);
    },
  );

  it('renew once a cycle, although the clocks of their hosts are wrong', async () => {
    const skews = [0, 5 * HOUR_MS, -7 * HOUR_MS, 48 * HOUR_MS];
    const apps = await Promise.all(
      skews.map((skewMs) => openApp({ portone, redis, skewMs })),
    );
    const failures = await failuresDuring(apps, () => allHave(apps, 4));
    expect(failures).toEqual([]);
    const most = Math.max(...apps.map(({ tokenEvents }) => tokenEvents.length));
    expect(portone.calls.login).toBe(1);
    expect(portone.calls.refresh).toBeLessThanOrEqual(most);
    // Compares only apps with the same token, because some may already have the next one.
    const [{ tokens: first }] = apps as [FleetApp, ...FleetApp[]];
    const lives = apps
      .filter(
        ({ tokens }) => tokens.peekAccessToken() === first.peekAccessToken(),
      )
      .map(({ tokens }) => tokens.snapshot().expiresInMs ?? 0);
    expect(Math.max(...lives) - Math.min(...lives)).toBeLessThan(1_000);
  });

  it('count the life of an adopted token from its renewal, even after a long wait for it', async () => {
    await useLongLivedTokens();
    const [one, two] = await openApps(2, { portone, redis });
    portone.delay('tokens', 1_500);
    await Promise.all([one!.tokens.renew(), two!.tokens.renew()]);
    const left = [one, two].map((app) => app!.tokens.snapshot().expiresInMs!);
    // If the life were counted from the end of the wait, the difference would be 1,500 ms.
    expect(Math.abs(left[0]! - left[1]!)).toBeLessThan(1_000);
  });

  it('send no token and no secret in clear to Redis', async () => {
    const monitor = await RedisMonitor.start(redis.url);
    const apps = await openApps(3, { portone, redis });
    await failuresDuring(apps, () => allHave(apps, 3));
    await closeApps();
    const seen = JSON.stringify(await monitor.take('eval', 'set', 'get'));
    monitor.close();
    const { requests } = portone.calls;
    const tokens = requests.flatMap(({ headers, body }) => [
      headers.authorization?.replace('Bearer ', ''),
      (JSON.parse(body || '{}') as { refreshToken?: string }).refreshToken,
    ]);
    const secrets = [portone.apiSecret, ...tokens].filter(Boolean) as string[];
    expect(new Set(secrets).size).toBeGreaterThan(4);
    expect(partsOf(secrets).filter((part) => seen.includes(part))).toEqual([]);
    expect(seen).toContain(':record');
  });

  it('do not adopt a record of another secret, even when it is under their own key', async () => {
    await useLongLivedTokens();
    portone.setApiSecret('of-another-shop');
    await openApp({ portone, redis });
    const [foreignKey] = await redis.admin.keys('*:record');
    portone.setApiSecret('of-ours');
    const one = await openApp({ portone, redis });
    const ownKey = (await redis.admin.keys('*:record')).find(
      (k) => k !== foreignKey,
    );
    expect(ownKey).toBeDefined();
    await redis.admin.copy(foreignKey!, ownKey!, 'REPLACE');
    portone.resetCalls();
    const two = await openApp({ portone, redis });
    expect(portone.calls).toMatchObject({ login: 1, refresh: 0 });
    expect(two.tokenEvents).toEqual(['acquired']);
    await one.tokens.renew();
    expect(held([one, two]).size).toBe(1);
  });

  it('share one token for each secret, while some apps have the new secret and some the old one', async () => {
    await useLongLivedTokens();
    let secret = portone.apiSecret;
    const options = { apiSecret: () => secret };
    const changing = await openApps(2, { portone, redis, options });
    const keeping = await openApps(2, { portone, redis });
    const kept = keeping[0]!.tokens.peekAccessToken();
    expect(held([...changing, ...keeping]).size).toBe(1);

    portone.resetCalls();
    const failures = await failuresDuring(
      [...changing, ...keeping],
      async () => {
        secret = 'the-next-secret';
        portone.setApiSecret(secret);
        await Promise.all(changing.map(({ tokens }) => tokens.renew()));
      },
    );
    expect(failures).toEqual([]);
    expect(portone.calls).toMatchObject({ login: 1, refresh: 0 });
    expect(held(changing).size).toBe(1);
    expect(held(keeping)).toEqual(new Set([kept]));
    expect(await redis.admin.keys('*:record')).toHaveLength(2);
    const answer = await changing[1]!.http.axiosRef.get(PAYMENT);
    expect(answer.status).toBe(200);
  });
});

/** The parts to search for: of a JWT each long segment, because even a signature must be hidden; of other texts each 12 characters. */
const partsOf = (secrets: readonly string[]): string[] =>
  secrets.flatMap((secret) => [
    ...secret.split('.').filter((part) => part.length > 40),
    ...(secret.match(/.{12}/g) ?? []).filter(() => !secret.includes('.')),
  ]);
