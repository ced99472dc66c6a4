import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { TokenStore } from '../../../lib/store/token-store.js';
import { LogBook } from '../../support/log-book.js';
import { SharedMemoryStore } from '../../support/shared-memory.store.js';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';
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
  return { time, portone, load, one, two };
}

const longOutage = {
  kind: 'status',
  status: 503,
  headers: { 'retry-after': '300' },
} as const;

describe('An instance that may not ask PortOne for a while', () => {
  afterEach(closeShops);

  it('takes over what a luckier one has obtained, at once', async () => {
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

  it('heals with it a call whose token was refused', async () => {
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

  it.each<[string, (secret: string) => string | (() => string)]>([
    ['a secret', (secret) => secret],
    ['a function that finds it', (secret) => () => secret],
  ])(
    'does so too with %s that PortOne refused when it was too new',
    async (_, of) => {
      const { portone, time, one, two } = await openTwo(of('next'));
      await expect(one.tokens.getAccessToken()).rejects.toThrow('refuse');
      portone.setApiSecret('next');
      const token = await two.tokens.getAccessToken();
      await time.advance(1_000);
      expect(await one.tokens.getAccessToken()).toBe(token);
      expect(portone.calls.tokens).toBe(2);
    },
  );

  it('looks once a second for all its callers, and calls nobody', async () => {
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

  it('does not look while its token serves', async () => {
    const { portone, load, one } = await openTwo();
    await one.tokens.getAccessToken();
    portone.fail('refresh', longOutage);
    await expect(one.tokens.renew()).rejects.toThrow('503');
    await one.tokens.getAccessToken();
    await expect(one.tokens.renew()).rejects.toThrow('503');
    expect(load).not.toHaveBeenCalled();
  });

  it('tells its callers the error there was when the store fails or hangs', async () => {
    const { portone, time, load, one } = await openTwo();
    portone.fail('login', longOutage);
    const ask = () => one.tokens.getAccessToken().catch(String);
    await ask();
    load.mockRejectedValueOnce(new Error('broken'));
    expect(await ask()).toContain('503');
    await time.advance(1_000);
    load.mockReturnValueOnce(new Promise(() => undefined));
    const answer = ask();
    await until(() => load.mock.calls.length === 2);
    await turn();
    await time.advance(1_000);
    expect(await answer).toContain('503');
  });

  it('says nothing about the store when it is shut down while another renews', async () => {
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
