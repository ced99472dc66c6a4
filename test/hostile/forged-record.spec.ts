import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  it,
} from '@jest/globals';
import { Redis } from 'ioredis';
import { RedisTokenStore } from '../../lib/redis/index.js';
import type { PortOneEmulator } from '../../lib/testing/index.js';
import { RedisServer } from '../support/redis-server.js';
import { closeShops, openEmulator, openShop } from '../support/shop.js';
import { VirtualTime } from '../support/virtual-time.js';

const LIFETIME_MS = 1_800_000;
const YEAR_MS = 31_536_000_000;

describe('An intruder that can write to Redis, without the API secret', () => {
  let redis: RedisServer;
  let intruder: Redis;
  let key: string;
  let portone: PortOneEmulator;
  const time = new VirtualTime();

  beforeAll(async () => {
    redis = await RedisServer.start();
    intruder = new Redis(redis.url);
  });
  afterAll(async () => {
    intruder.disconnect();
    await redis.stop();
  });
  afterEach(async () => {
    await closeShops();
    await intruder.flushall();
  });

  const open = () =>
    openShop({
      portone,
      time,
      options: { store: new RedisTokenStore(intruder) },
    });

  const bytesSent = async () =>
    Number(
      /total_net_output_bytes:(\d+)/.exec(await intruder.info('stats'))![1],
    );

  /** One instance has put its pair into Redis. */
  async function openFirst() {
    portone = await openEmulator({ clock: time.trueTime });
    const first = await open();
    key = (await intruder.keys('*:record'))[0]!;
    const [generation, sealed] = (await intruder.get(key))!.split(' ');
    return { first, generation: Number(generation), sealed: sealed! };
  }

  it('cannot give a token a life beyond its own', async () => {
    const { generation, sealed } = await openFirst();
    await intruder.set(key, `${generation} ${sealed}`, 'PX', YEAR_MS);
    const { tokens } = await open();
    expect(portone.calls.requests).toHaveLength(1);
    expect(tokens.snapshot().expiresInMs).toBeLessThan(LIFETIME_MS);
  });

  it('cannot bring a dead pair back: under another generation it is no record', async () => {
    const { first, generation, sealed } = await openFirst();
    await first.tokens.renew();
    portone.revokeAccessTokens();
    await intruder.set(key, `${generation * 2} ${sealed}`, 'PX', LIFETIME_MS);
    const { http } = await open();
    const { status } = await http.axiosRef.get('/payments');
    expect(status).toBe(200);
    expect(portone.calls.unauthorized).toBe(0);
  });

  it('cannot give a permission back that was taken away, neither to an instance that holds a token nor to a new one', async () => {
    const { first, sealed } = await openFirst();
    portone.setPermissions(['RECON_READ']);
    await first.tokens.renew();
    const [renewed] = (await intruder.get(key))!.split(' ');
    await intruder.set(
      key,
      `${Number(renewed) + 1} ${sealed}`,
      'PX',
      LIFETIME_MS,
    );
    const fresh = await open();
    await first.tokens.renew();
    for (const { tokens } of [first, fresh])
      expect(tokens.hasPermission('TX_READ')).toBe(false);
  });

  it('cannot bring back the record before the last to an instance that holds a newer one', async () => {
    const { first } = await openFirst();
    const earlier = (await intruder.get(key))!;
    await time.advance(60_000);
    await first.tokens.renew();
    const held = first.tokens.peekAccessToken();
    await intruder.set(key, earlier, 'PX', LIFETIME_MS);
    await time.advance(60_000);
    await first.tokens.renew();
    expect(first.tokens.peekAccessToken()).not.toBe(held);
    expect(portone.calls.tokens).toBe(3);
    const { tokens } = await open();
    expect(tokens.peekAccessToken()).toBe(first.tokens.peekAccessToken());
  });

  it('cannot make Redis copy a value of 1 MiB for every look', async () => {
    const { first, generation } = await openFirst();
    const before = await bytesSent();
    const long = 'x'.repeat(1_048_576);
    await intruder.set(key, `${generation + 1} ${long}`, 'PX', LIFETIME_MS);
    await open();
    expect((await bytesSent()) - before).toBeLessThan(100_000);
    expect(portone.calls.tokens).toBe(2);
    await first.tokens.renew();
    expect(portone.calls.tokens).toBe(2);
  });

  it.each([
    ['a record of its own', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..a.b.c'],
    ['something else', '{"accessToken":"evil"}'],
  ])('cannot make an instance take %s for a token', async (_, sealed) => {
    const { generation } = await openFirst();
    await intruder.set(key, `${generation + 1} ${sealed}`, 'PX', YEAR_MS);
    const { http } = await open();
    expect((await http.axiosRef.get('/payments')).status).toBe(200);
  });

  it('cannot end the sharing for good with the last generation there is', async () => {
    const { sealed } = await openFirst();
    const last = Number.MAX_SAFE_INTEGER - 1;
    await intruder.set(key, `${last} ${sealed}`, 'PX', LIFETIME_MS);
    const { tokens } = await open();
    await tokens.renew();
    await tokens.renew();
    const calls = portone.calls.requests.length;
    await open();
    expect(portone.calls.requests).toHaveLength(calls);
  });
});
