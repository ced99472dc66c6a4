import { afterEach, describe, expect, it } from '@jest/globals';
import { pairSeal } from '../../../lib/store/sealed-pair.js';
import { MemoryTokenStore } from '../../../lib/store/memory-token.store.js';
import {
  TokenStore,
  type RenewRecord,
  type TokenRecord,
} from '../../../lib/store/token-store.js';
import { LogBook } from '../../support/log-book.js';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';
import { until, VirtualTime } from '../../support/virtual-time.js';

/** A store that instances share, and that a test can make fail. */
class SharedStore extends TokenStore {
  isDown = false;
  losesCommits = false;
  foreign?: TokenRecord;
  private readonly memory: MemoryTokenStore;

  constructor(time: VirtualTime) {
    super();
    this.memory = new MemoryTokenStore(time.clock);
  }

  load(key: string): Promise<TokenRecord | undefined> {
    return this.memory.load(key);
  }

  async update(
    key: string,
    seen: number,
    renew: RenewRecord,
  ): Promise<TokenRecord> {
    if (this.isDown)
      return { ...(await renew(undefined, false)), generation: seen };
    if (this.losesCommits)
      return { ...(await renew(undefined, true)), generation: seen };
    const { foreign } = this;
    this.foreign = undefined;
    return foreign ?? this.memory.update(key, seen, renew);
  }
}

async function openFleet(size: number) {
  const time = new VirtualTime();
  const portone = await openEmulator({ clock: time.trueTime });
  const store = new SharedStore(time);
  const log = new LogBook();
  const shops = [];
  for (let instance = 0; instance < size; instance += 1) {
    const random = () => instance / size;
    const options = { store };
    shops.push(await openShop({ portone, time, random, options, logger: log }));
  }
  return { portone, time, store, log, shops };
}

describe('Instances that share a store', () => {
  afterEach(closeShops);

  it('log in once, and renew once a lifetime by refresh', async () => {
    const { portone, time, shops } = await openFleet(5);
    expect(portone.calls.tokens).toBe(1);
    expect(shops[4]!.tokens.snapshot()).toMatchObject({
      state: 'fresh',
      shared: true,
    });
    for (let minute = 0; minute < 300; minute += 1) {
      await time.advance(60_000, () =>
        until(() =>
          shops.every(
            ({ tokens }) => tokens.snapshot().renewsInMs !== undefined,
          ),
        ),
      );
      for (const { tokens } of shops)
        expect(tokens.peekAccessToken()).toBeDefined();
    }
    expect(portone.calls).toMatchObject({ login: 1, unauthorized: 0 });
    expect(portone.calls.refresh).toBe(12);
  });

  it('adopt the token that another instance has renewed after a 401, without a token call', async () => {
    const { portone, shops } = await openFleet(2);
    const [one, two] = shops;
    const events: string[] = [];
    two!.tokens.events$.subscribe(({ type }) => events.push(type));
    portone.revokeAccessTokens();
    await one!.http.axiosRef.get('/payments/payment-1');
    expect(portone.calls.refresh).toBe(1);
    const answer = await two!.http.axiosRef.get('/payments/payment-1');
    expect(answer.status).toBe(200);
    expect(portone.calls).toMatchObject({ login: 1, refresh: 1 });
    expect(events).toEqual(['adopted', 'replayed']);
  });

  it('make a token call when the adopted token is discarded too', async () => {
    const { portone, shops } = await openFleet(2);
    const [one, two] = shops;
    const { tokens } = two!;
    await one!.tokens.renew();
    tokens.invalidate(await tokens.getAccessToken());
    const adopted = await tokens.getAccessToken();
    expect(adopted).toBe(one!.tokens.peekAccessToken());
    expect(portone.calls.tokens).toBe(2);
    tokens.invalidate(adopted);
    expect(await tokens.getAccessToken()).not.toBe(adopted);
    expect(portone.calls.tokens).toBe(3);
  });

  it('renew alone by login while the store is down, with one warning, and share the token again afterwards', async () => {
    const { portone, time, store, shops, log } = await openFleet(2);
    const [one, two] = shops;
    store.isDown = true;
    await one!.tokens.renew();
    await time.advance(1_000);
    await one!.tokens.renew();
    await time.advance(1_000);
    expect(portone.calls).toMatchObject({ login: 3, refresh: 0 });
    expect(one!.tokens.snapshot().shared).toBe(false);
    expect(two!.tokens.snapshot().shared).toBe(true);
    expect(log.saying('cannot be reached', 'warn')).toHaveLength(1);

    store.isDown = false;
    await two!.tokens.renew();
    await one!.tokens.renew();
    expect(one!.tokens.peekAccessToken()).toBe(two!.tokens.peekAccessToken());
    expect(one!.tokens.snapshot().shared).toBe(true);
    expect(log.saying('can be reached again', 'log')).toHaveLength(1);
  });

  it('log in once more when the store is back, because their last login has invalidated its refresh token', async () => {
    const { portone, time, store, shops } = await openFleet(1);
    store.isDown = true;
    await shops[0]!.tokens.renew();
    store.isDown = false;
    await time.advance(1_000);
    await shops[0]!.tokens.renew();
    expect(portone.calls).toMatchObject({ login: 3, refresh: 0 });
    await time.advance(1_000);
    await shops[0]!.tokens.renew();
    expect(portone.calls).toMatchObject({ login: 3, refresh: 1 });
  });

  it('log a warning when a pair could not be written, and still use the pair', async () => {
    const { store, shops, log, portone } = await openFleet(1);
    const [one] = shops;
    const before = one!.tokens.peekAccessToken();
    store.losesCommits = true;
    await one!.tokens.renew();
    expect(one!.tokens.peekAccessToken()).not.toBe(before);
    expect(portone.calls.tokens).toBe(2);
    expect(log.saying('cannot be reached', 'warn')).toHaveLength(1);
  });

  it.each([
    ['garbage', { sealed: 'garbage', expiresInMs: 1_000_000 }],
    ['empty', { sealed: '', expiresInMs: 1_000_000 }],
  ])('replace a record that is %s', async (_, record) => {
    const { store, shops, portone } = await openFleet(1);
    store.foreign = { ...record, generation: 1_000 };
    await shops[0]!.tokens.renew();
    expect(portone.calls.tokens).toBe(2);
    expect(shops[0]!.tokens.snapshot()).toMatchObject({
      state: 'fresh',
      shared: true,
    });
  });

  it('do not adopt a token that is about to expire', async () => {
    const { shops, store, portone } = await openFleet(1);
    const seal = pairSeal(portone.apiSecret, portone.url);
    const sealed = await seal.seal({
      accessToken: await portone.issueAccessToken(),
      refreshToken: await portone.issueAccessToken(),
      lifetimeMs: 1_799_000,
      refreshLifetimeMs: 86_399_000,
    });
    store.foreign = { sealed, generation: 1_000, expiresInMs: 4_999 };
    await shops[0]!.tokens.renew();
    expect(portone.calls.tokens).toBe(2);
    store.foreign = { sealed, generation: 2_000, expiresInMs: 5_001 };
    await shops[0]!.tokens.renew();
    expect(portone.calls.tokens).toBe(2);
  });

  it('give an adopted token only the rest of its life, whatever the clocks of the host do later', async () => {
    const { portone, store, time, shops } = await openFleet(1);
    const minute = 60_000;
    await time.advance(10 * minute);
    const { tokens } = await openShop({ portone, time, options: { store } });
    const left = shops[0]!.tokens.snapshot().expiresInMs!;
    expect(tokens.snapshot()).toMatchObject({ expiresInMs: left });
    expect(portone.calls.tokens).toBe(1);
    time.skewWallClock(-60 * minute);
    expect(tokens.snapshot()).toMatchObject({ expiresInMs: left });
    // While a machine sleeps, only its wall clock goes on.
    time.skewWallClock(15 * minute);
    expect(tokens.snapshot()).toMatchObject({
      expiresInMs: left - 15 * minute,
    });
  });

  it('do not share a token when one of them already has the next secret', async () => {
    const time = new VirtualTime();
    const portone = await openEmulator({ clock: time.trueTime });
    const store = new SharedStore(time);
    let secret = portone.apiSecret;
    const old = await openShop({ portone, time, options: { store } });
    const next = await openShop({
      portone,
      time,
      options: { store, apiSecret: () => secret },
    });
    expect(portone.calls.login).toBe(1);
    secret = 'rotated';
    portone.setApiSecret(secret);
    const kept = old.tokens.peekAccessToken();
    await next.tokens.renew();
    expect(portone.calls).toMatchObject({ login: 2, refresh: 0 });
    expect(next.tokens.peekAccessToken()).not.toBe(kept);
    expect(old.tokens.peekAccessToken()).toBe(kept);
    const third = await openShop({
      portone,
      time,
      options: { store, apiSecret: 'rotated' },
    });
    expect(third.tokens.peekAccessToken()).toBe(next.tokens.peekAccessToken());
    expect(portone.calls.tokens).toBe(2);
  });
});
