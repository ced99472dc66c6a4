import { afterEach, describe, expect, it } from '@jest/globals';
import { CredentialsRejectedError } from '../../../lib/index.js';
import type { PortOneEmulator } from '../../../lib/testing/index.js';
import { pairSeal } from '../../../lib/store/sealed-pair.js';
import type { TokenStore } from '../../../lib/store/token-store.js';
import { LogBook } from '../../support/log-book.js';
import { SharedMemoryStore } from '../../support/shared-memory.store.js';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';
import { VirtualTime } from '../../support/virtual-time.js';

const payment = '/payments/payment-1';
const OTHERS = [
  ['merchant', { merchantId: 'merchant-b' }],
  ['store', { storeId: 'store-b' }],
] as const;

/** From now on the emulator accepts only this secret, which belongs to another merchant or store. */
function switchOwner(
  portone: PortOneEmulator,
  other: object,
  secret: string,
): void {
  Object.assign(portone['issuer'], other);
  portone.setApiSecret(secret);
}

async function openA(logger = new LogBook()) {
  const time = new VirtualTime();
  const portone = await openEmulator({ clock: time.trueTime });
  const given = { secret: portone.apiSecret };
  const events: object[] = [];
  const options = { apiSecret: () => given.secret };
  const shop = await openShop({ portone, time, options, logger });
  shop.tokens.events$.subscribe((event) => events.push(event));
  return { ...shop, given, events, logger };
}

describe.each(OTHERS)(
  'A secret function that now gives the secret of another %s',
  (_, other) => {
    afterEach(closeShops);

    it('causes a typed error, an event and an error in the log, and callers get the old token until it expires', async () => {
      const shop = await openA();
      const { portone, http, tokens, given, events, logger, advance } = shop;
      const old = tokens.peekAccessToken();
      given.secret = 'secret-b';
      switchOwner(portone, other, given.secret);
      await expect(tokens.renew()).rejects.toBeInstanceOf(
        CredentialsRejectedError,
      );
      expect(events).toContainEqual(
        expect.objectContaining({
          type: 'credentials-rejected',
          code: 'PORTONE_CREDENTIALS_REJECTED',
        }),
      );
      const [line] = logger.saying('another merchant or store', 'error');
      expect(line).toContain("client 'default'");
      for (let minute = 0; minute < 29; minute += 1) {
        expect(await tokens.getAccessToken()).toBe(old);
        expect((await http.axiosRef.get(payment)).status).toBe(200);
        await advance(60_000);
      }
      await advance(60_000);
      await expect(http.axiosRef.get(payment)).rejects.toBeInstanceOf(
        CredentialsRejectedError,
      );
    });

    it('causes no replay with the new token', async () => {
      const { portone, http, tokens, given } = await openA();
      given.secret = 'secret-b';
      switchOwner(portone, other, given.secret);
      portone.revokeAccessTokens();
      portone.resetCalls();
      const refund = http.axiosRef.post('/payments/payment-1/cancel', {
        reason: 'test',
      });
      await expect(refund).rejects.toBeInstanceOf(CredentialsRejectedError);
      expect(portone.calls).toMatchObject({ api: 1, unauthorized: 1 });
      const claims = await tokens.getClaims();
      expect(claims.merchant_service).toMatchObject({
        merchant_id: 'merchant-emulator',
        store_id: 'store-emulator',
      });
    });

    it('has no effect any more when it gives the old secret again', async () => {
      const { portone, tokens, given, advance } = await openA();
      const old = given.secret;
      given.secret = 'secret-b';
      switchOwner(portone, other, given.secret);
      await expect(tokens.renew()).rejects.toThrow('Put the old secret back');
      given.secret = old;
      switchOwner(
        portone,
        { merchantId: 'merchant-emulator', storeId: 'store-emulator' },
        old,
      );
      await advance(1_000);
      await tokens.renew();
      expect(tokens.snapshot()).toMatchObject({
        state: 'fresh',
        consecutiveFailures: 0,
      });
    });
  },
);

/** Another instance, with the same secret, puts a pair of another merchant into the store. */
async function putForeignPair(portone: PortOneEmulator, store: TokenStore) {
  const seal = pairSeal(portone.apiSecret, portone.url);
  const { generation = 0 } = (await store.load(seal.key)) ?? {};
  const lifetimeMs = 1_800_000;
  const accessToken = await portone.issueAccessToken({
    merchant_service: { merchant_id: 'merchant-b', permissions: [] },
  });
  const pair = { accessToken, refreshToken: 'none', refreshLifetimeMs: 0 };
  const sealed = await seal.seal({ ...pair, lifetimeMs });
  const record = { sealed, expiresInMs: lifetimeMs };
  await store.update(seal.key, generation, () => Promise.resolve(record), {
    timeoutMs: 1_000,
    isUrgent: () => false,
  });
  return accessToken;
}

describe('A store into which another instance has put a pair of another merchant', () => {
  afterEach(closeShops);

  async function openStored() {
    const time = new VirtualTime();
    const portone = await openEmulator({ clock: time.trueTime });
    const store = new SharedMemoryStore(time);
    const options = { store, renewal: { background: false } };
    return { store, ...(await openShop({ portone, time, options })) };
  }

  it('does not change the merchant: the instance logs in with its own secret', async () => {
    const { store, portone, tokens, http } = await openStored();
    const foreign = await putForeignPair(portone, store);
    portone.revokeAccessTokens();
    portone.resetCalls();
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    expect(tokens.peekAccessToken()).not.toBe(foreign);
    const { merchant_service: owner } = await tokens.getClaims();
    expect(owner?.merchant_id).toBe('merchant-emulator');
    expect(portone.calls).toMatchObject({ login: 1, refresh: 0 });
  });

  it('is treated as empty while PortOne must not be called', async () => {
    const { store, portone, tokens, http } = await openStored();
    const before = tokens.peekAccessToken();
    portone.fail('tokens', { kind: 'status', status: 503, retryAfter: 60 });
    await tokens.renew().catch(() => undefined);
    await putForeignPair(portone, store);
    portone.revokeAccessTokens();
    await expect(http.axiosRef.get(payment)).rejects.toThrow('503');
    expect(tokens.peekAccessToken()).toBe(before);
    expect(tokens.snapshot().state).not.toBe('rejected');
  });
});
