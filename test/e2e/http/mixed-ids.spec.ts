import { afterEach, describe, expect, it } from '@jest/globals';
import { closeShops, openShop } from '../../support/shop.js';

/** Every tenth order is refused, whatever the token. */
const EVERY = 10;

describe('Endpoints of one kind, of which some always answer 401, each called once', () => {
  afterEach(closeShops);

  it('get a new token soon after the token was revoked', async () => {
    const { portone, http, advance } = await openShop();
    portone.on('GET', '/orders/:id', ({ params }) =>
      Number(params['id']) % EVERY === 0
        ? { status: 401, body: { type: 'UNAUTHORIZED' } }
        : { status: 200, body: {} },
    );
    let id = 0;
    /** Calls the next `orders` ids, one a second. Returns how many of the accepted ids failed. */
    const failures = async (orders: number) => {
      let failed = 0;
      for (let order = 0; order < orders; order += 1) {
        const { status } = await http.axiosRef.get(`/orders/${(id += 1)}`, {
          validateStatus: () => true,
        });
        if (status === 401 && id % EVERY !== 0) failed += 1;
        await advance(1_000);
      }
      return failed;
    };
    expect(await failures(100)).toBe(0);
    for (let times = 0; times < 5; times += 1) {
      portone.revokeAccessTokens();
      portone.resetCalls();
      expect(await failures(55)).toBeLessThanOrEqual(6);
      expect(portone.calls.tokens).toBeLessThanOrEqual(8);
    }
  });
});
