import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { TokenStore } from '../../../lib/store/token-store.js';
import { LogBook } from '../../support/log-book.js';
import { SharedMemoryStore } from '../../support/shared-memory.store.js';
import {
  closeShops,
  openEmulator,
  openShop,
  type Shop,
} from '../../support/shop.js';
import { turn, until, VirtualTime } from '../../support/virtual-time.js';

/** Two instances that have no token yet. */
async function openTwo(apiSecret?: string | (() => string)) {
  const time = new VirtualTime();
  const portone = await openEmulator({ clock: time.trueTime });
  const store = new SharedMemoryStore(time);
  const load = jest.spyOn(store, 'load');
  const options = {
    store,
    eager: false,
    renewal: { background: false },
    ...(apiSecret && { apiSecret }),
  };
  const one = await openShop({ portone, time, options });
  const two = await openShop({ portone, time, options });
  return { time, portone, store, load, one, two };
}

const longOutage = { kind: 'status', status: 503, retryAfter: 300 } as const;

describe('An instance that must not call PortOne during its backoff', () => {
  afterEach(closeShops);

  it('adopts the token of another instance at once', async () => {
    const { portone, one, two } = await openTwo();
    portone.fail('login', longOutage, { times: 1 });
    await expect(one.tokens.getAccessToken()).rejects.toThrow('503');
    const token = await two.tokens.getAccessToken();
    expect(await one.tokens.getAccessToken()).toBe(token);
    expect(one.tokens.snapshot()).toMatchObject({
      state: 'fresh',
      consecutiveFailures: 0,
      shared: true,
    });
    expect(portone.calls.tokens).toBe(2);
  });

  it('replays a refused call with the token of another instance', async () => {
    const { portone, one, two } = await openTwo();
    await one.tokens.getAccessToken();
    await two.tokens.getAccessToken();
    portone.fail('refresh', longOutage, { times: 1 });
    await expect(one.tokens.renew()).rejects.toThrow('503');
    portone.revokeAccessTokens();
    await two.tokens.renew();
    const { status } = await one.http.axiosRef.get('/payments/payment-1');
    expect(status).toBe(200);
    expect(portone.calls).toMatchObject({ login: 1, refresh: 2 });
  });

  it.each<[string, (shop: Shop, refused: string) => unknown]>([
    ['invalidated', ({ tokens }, refused) => tokens.invalidate(refused)],
    [
      'refused in a call that is not replayed',
      ({ http }) =>
        http.axiosRef.get('/payments/payment-1', {
          portoneAuth: { retry: false },
          validateStatus: (status) => status === 401,
        }),
    ],
  ])(
    'adopts the token of another instance in place of one that was %s',
    async (_, refuse) => {
      const { portone, one, two } = await openTwo();
      const refused = await one.tokens.getAccessToken();
      await two.tokens.getAccessToken();
      portone.fail('refresh', longOutage, { times: 1 });
      await expect(one.tokens.renew()).rejects.toThrow('503');
      portone.revokeAccessTokens();
      await two.tokens.renew();
      await refuse(one, refused);
      const better = two.tokens.peekAccessToken();
      await until(() => one.tokens.peekAccessToken() === better);
      expect(portone.calls).toMatchObject({ login: 1, refresh: 2 });
    },
  );

  it.each<[string, (secret: string) => string | (() => string)]>([
    ['a string', (secret) => secret],
    ['a function', (secret) => () => secret],
  ])(
    'adopts the token of another instance after PortOne rejected a secret that it did not know yet (the secret is %s)',
    async (_, given) => {
      const { portone, time, one, two } = await openTwo(given('next'));
      await expect(one.tokens.getAccessToken()).rejects.toThrow('reject');
      portone.setApiSecret('next');
      const token = await two.tokens.getAccessToken();
      await time.advance(1_000);
      expect(await one.tokens.getAccessToken()).toBe(token);
      expect(portone.calls.tokens).toBe(2);
    },
  );

  it('reads the store once a second for all its callers, and makes no token call', async () => {
    const { portone, time, load, one } = await openTwo();
    portone.fail('login', longOutage);
    const ask = () => one.tokens.getAccessToken().catch(String);
    await ask();
    const callers = () => Promise.all([ask(), ask(), ask()]);
    for (const answer of [...(await callers()), ...(await callers())])
      expect(answer).toContain('503');
    expect(load).toHaveBeenCalledTimes(1);
    await time.advance(999);
    await ask();
    expect(load).toHaveBeenCalledTimes(1);
    await time.advance(1);
    await ask();
    expect(load).toHaveBeenCalledTimes(2);
    expect(one.tokens.snapshot().consecutiveFailures).toBe(1);
    expect(portone.calls.tokens).toBe(1);
  });

  it('reads the store once a second, also when a rejected secret is asked for again', async () => {
    const { portone, time, load, one } = await openTwo(() => 'unknown');
    const ask = () => one.tokens.getAccessToken().catch(String);
    for (let second = 0; second <= 5; second += 1) {
      expect(await ask()).toContain('reject');
      expect(await ask()).toContain('reject');
      await time.advance(1_000);
    }
    expect(load).toHaveBeenCalledTimes(6);
    expect(portone.calls.tokens).toBe(1);
  });

  it('does not read the store while callers get its token', async () => {
    let secret: string | undefined;
    const { portone, time, load, one } = await openTwo(
      () => secret ?? portone.apiSecret,
    );
    await one.tokens.getAccessToken();
    portone.fail('refresh', longOutage, { times: 1 });
    await expect(one.tokens.renew()).rejects.toThrow('503');
    await one.tokens.getAccessToken();
    await expect(one.tokens.renew()).rejects.toThrow('503');
    await time.advance(300_000);
    secret = 'unknown';
    await expect(one.tokens.renew()).rejects.toThrow('reject');
    await time.advance(1_000);
    await expect(one.tokens.renew()).rejects.toThrow('reject');
    expect(await one.tokens.getAccessToken()).toBeDefined();
    expect(load).not.toHaveBeenCalled();
  });

  it.each<[string, undefined | (() => string), string]>([
    ['PortOne is down', undefined, '503'],
    ['the secret is rejected', () => 'unknown', 'reject'],
  ])(
    'tells its callers that %s, also when the store fails or hangs',
    async (_, secret, expected) => {
      const { portone, time, load, one } = await openTwo(secret);
      if (!secret) portone.fail('login', longOutage);
      const ask = () => one.tokens.getAccessToken().catch(String);
      await ask();
      load.mockImplementation(() => {
        throw new Error('broken');
      });
      await time.advance(1_000);
      expect(await ask()).toContain(expected);
      load.mockReturnValue(new Promise(() => undefined));
      await time.advance(1_000);
      const answer = ask();
      await until(() => load.mock.calls.length > 1);
      await turn();
      await time.advance(1_000);
      expect(await answer).toContain(expected);
      expect(one.tokens.snapshot().consecutiveFailures).toBe(1);
      expect(portone.calls.tokens).toBe(1);
    },
  );

  it('subtracts the time that a record took to arrive from the life of its token', async () => {
    const { portone, time, store, load, one, two } = await openTwo();
    portone.fail('login', longOutage, { times: 1 });
    await one.tokens.getAccessToken().catch(String);
    await two.tokens.getAccessToken();
    const left = two.tokens.snapshot().expiresInMs!;
    let arrive: (() => void) | undefined;
    load.mockImplementation(async (key) => {
      const record = await SharedMemoryStore.prototype.load.call(store, key);
      await new Promise<void>((resolve) => (arrive = resolve));
      return record;
    });
    const adopted = one.tokens.getAccessToken();
    await until(() => arrive !== undefined);
    const slept = 29 * 60_000;
    time.skewWallClock(slept);
    arrive!();
    await adopted;
    expect(one.tokens.snapshot().expiresInMs).toBe(left - slept);
  });

  it('logs no warning about the store when it is shut down while it waits for another instance', async () => {
    let isWaiting = false;
    class WaitingStore extends TokenStore {
      load = () => Promise.resolve(undefined);
      update = (...[, , , { signal }]: Parameters<TokenStore['update']>) => {
        isWaiting = true;
        return new Promise<never>((_, reject) =>
          signal!.addEventListener('abort', () => reject(new Error('aborted'))),
        );
      };
    }
    const logger = new LogBook();
    const options = { store: new WaitingStore(), eager: false };
    const { module, tokens } = await openShop({ options, logger });
    const refused = tokens.getAccessToken().catch(String);
    await until(() => isWaiting);
    await module.close();
    expect(await refused).toContain('shutting down');
    expect(logger.saying('not shared', 'warn')).toEqual([]);
  });
});
