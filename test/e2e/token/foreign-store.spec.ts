import { afterEach, describe, expect, it } from '@jest/globals';
import { TokenStore } from '../../../lib/store/token-store.js';
import { LogBook } from '../../support/log-book.js';
import { closeShops, openShop } from '../../support/shop.js';
import { turn, until } from '../../support/virtual-time.js';

describe('A store that an app has written itself', () => {
  afterEach(closeShops);

  class BrokenStore extends TokenStore {
    constructor(private readonly answer: () => Promise<never>) {
      super();
    }

    load = () => this.answer();
    update = () => this.answer();
  }

  it('that throws: the token is not shared, and callers still get one', async () => {
    const store = new BrokenStore(() => Promise.reject(new Error('broken')));
    const { tokens, portone } = await openShop({ options: { store } });
    expect(tokens.snapshot()).toMatchObject({ state: 'fresh', shared: false });
    await tokens.renew();
    expect(portone.calls).toMatchObject({ login: 2, refresh: 0 });
  });

  it('that answers only with unreadable records: the token is not shared, and each renewal makes one token call', async () => {
    class Garbage extends TokenStore {
      load = () => Promise.resolve(undefined);
      update = () =>
        Promise.resolve({ sealed: 'x', expiresInMs: 1_000_000, generation: 1 });
    }
    const logger = new LogBook();
    const { tokens, portone } = await openShop({
      options: { store: new Garbage() },
      logger,
    });
    expect(tokens.snapshot()).toMatchObject({ state: 'fresh', shared: false });
    expect(portone.calls.tokens).toBe(1);
    await tokens.renew();
    expect(portone.calls).toMatchObject({ login: 2, refresh: 0 });
    expect(logger.saying('records that cannot be used', 'warn')).toHaveLength(
      1,
    );
  });

  it('that hangs: a caller waits for tokenTimeout, and the renewal ends after twice that time and 5 s', async () => {
    let release: (error: Error) => void = () => undefined;
    const hanging = new Promise<never>((_, reject) => (release = reject));
    let isAsked = false;
    const store = new BrokenStore(() => {
      isAsked = true;
      return hanging;
    });
    const logger = new LogBook();
    const { tokens, time } = await openShop({
      options: { store, eager: false },
      logger,
    });
    const refused = tokens.getAccessToken().catch((error: unknown) => error);
    await until(() => isAsked);
    await turn();
    await time.advance(10_001);
    expect(await refused).toMatchObject({
      reason: 'PORTONE_TOKEN_TIMEOUT',
      message: expect.stringContaining('has not ended within 10000 ms'),
    });
    await time.advance(15_000);
    const message = 'the store did not answer within 25000 ms';
    expect(logger.saying(message, 'warn')).toHaveLength(1);
    release(new Error('too late'));
  });
});
