import { afterEach, describe, expect, it } from '@jest/globals';
import { RedisTokenStore } from '../../lib/redis/index.js';
import type { PortOneEmulator } from '../../lib/testing/index.js';
import { useRedis } from '../support/redis-hooks.js';
import { closeShops, openEmulator, openShop } from '../support/shop.js';
import { VirtualTime } from '../support/virtual-time.js';

const LIFETIME_MS = 1_800_000;
const YEAR_MS = 31_536_000_000;

const redis = useRedis();

describe('An intruder that can write to Redis, without the API secret', () => {
  let key: string;
  let portone: PortOneEmulator;
  const time = new VirtualTime();

  afterEach(async () => {
    await closeShops();
    await redis.admin.flushall();
  });

  const open = () =>
    openShop({
      portone,
      time,
      options: { store: new RedisTokenStore(redis.admin) },
    });

  const bytesSent = async () =>
    Number(
      /total_net_output_bytes:(\d+)/.exec(await redis.admin.info('stats'))![1],
    );

  /** Opens an instance, which writes its pair to Redis. Gives the parts of the record. */
  async function openFirst() {
    portone = await openEmulator({ clock: time.trueTime });
    const first = await open();
    key = (await redis.admin.keys('*:record'))[0]!;
    const [generation, sealed] = (await redis.admin.get(key))!.split(' ');
    return { first, generation: Number(generation), sealed: sealed! };
  }

  it('cannot extend the life of a token', async () => {
    const { generation, sealed } = await openFirst();
    await redis.admin.set(key, `${generation} ${sealed}`, 'PX', YEAR_MS);
    const { tokens } = await open();
    expect(portone.calls.requests).toHaveLength(1);
    expect(tokens.snapshot().expiresInMs).toBeLessThan(LIFETIME_MS);
  });

  it('cannot make an instance use a revoked pair by writing it back under another generation', async () => {
    const { first, generation, sealed } = await openFirst();
    await first.tokens.renew();
    portone.revokeAccessTokens();
    await redis.admin.set(
      key,
      `${generation * 2} ${sealed}`,
      'PX',
      LIFETIME_MS,
    );
    const { http } = await open();
    const { status } = await http.axiosRef.get('/payments');
    expect(status).toBe(200);
    expect(portone.calls.unauthorized).toBe(0);
  });

  it('cannot restore a removed permission by writing an old record back', async () => {
    const { first, sealed } = await openFirst();
    portone.setPermissions(['RECON_READ']);
    await first.tokens.renew();
    const [renewed] = (await redis.admin.get(key))!.split(' ');
    await redis.admin.set(
      key,
      `${Number(renewed) + 1} ${sealed}`,
      'PX',
      LIFETIME_MS,
    );
    const second = await open();
    await first.tokens.renew();
    for (const { tokens } of [first, second])
      expect(tokens.hasPermission('TX_READ')).toBe(false);
  });

  it('cannot make an instance adopt a record that is older than its own', async () => {
    const { first } = await openFirst();
    const earlier = (await redis.admin.get(key))!;
    await time.advance(60_000);
    await first.tokens.renew();
    const held = first.tokens.peekAccessToken();
    await redis.admin.set(key, earlier, 'PX', LIFETIME_MS);
    await time.advance(60_000);
    await first.tokens.renew();
    expect(first.tokens.peekAccessToken()).not.toBe(held);
    expect(portone.calls.tokens).toBe(3);
    const { tokens } = await open();
    expect(tokens.peekAccessToken()).toBe(first.tokens.peekAccessToken());
  });

  it('cannot make Redis send a value of 1 MiB at every read', async () => {
    const { first, generation } = await openFirst();
    const before = await bytesSent();
    const long = 'x'.repeat(1_048_576);
    await redis.admin.set(key, `${generation + 1} ${long}`, 'PX', LIFETIME_MS);
    await open();
    expect((await bytesSent()) - before).toBeLessThan(100_000);
    expect(portone.calls.tokens).toBe(2);
    await first.tokens.renew();
    expect(portone.calls.tokens).toBe(2);
  });

  it.each([
    ['a forged record', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..a.b.c'],
    ['plain JSON', '{"accessToken":"evil"}'],
  ])('cannot make an instance use %s as a token', async (_, sealed) => {
    const { generation } = await openFirst();
    await redis.admin.set(key, `${generation + 1} ${sealed}`, 'PX', YEAR_MS);
    const { http } = await open();
    expect((await http.axiosRef.get('/payments')).status).toBe(200);
  });

  it('cannot end the sharing by writing the greatest possible generation', async () => {
    const { sealed } = await openFirst();
    const last = Number.MAX_SAFE_INTEGER - 1;
    await redis.admin.set(key, `${last} ${sealed}`, 'PX', LIFETIME_MS);
    const { tokens } = await open();
    await tokens.renew();
    await tokens.renew();
    const calls = portone.calls.requests.length;
    await open();
    expect(portone.calls.requests).toHaveLength(calls);
  });
});
