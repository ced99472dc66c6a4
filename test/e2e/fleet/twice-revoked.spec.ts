import { afterEach, describe, expect, it } from '@jest/globals';
import { SharedMemoryStore } from '../../support/shared-memory.store.js';
import {
  closeShops,
  openEmulator,
  openShop,
  type Shop,
} from '../../support/shop.js';
import { until, VirtualTime } from '../../support/virtual-time.js';

const payment = '/payments/payment-1';
/** The emulator answers 401 to every call of this path. */
const refusing = '/payments/refusing';
const SIZE = 10;

async function openFleet() {
  const time = new VirtualTime();
  const portone = await openEmulator({ clock: time.trueTime });
  const options = { store: new SharedMemoryStore(time) };
  const shops: Shop[] = [];
  for (let instance = 0; instance < SIZE; instance += 1)
    shops.push(await openShop({ portone, time, options }));
  const haveSettled = () =>
    until(() =>
      shops.every(({ tokens }) => tokens.snapshot().renewsInMs !== undefined),
    );
  portone.resetCalls();
  return {
    portone,
    shops,
    advance: (ms: number) => time.advance(ms, haveSettled),
  };
}

const statusOf = ({ http }: Shop, path: string): Promise<number> =>
  http.axiosRef
    .get(path, { validateStatus: () => true })
    .then(({ status }) => status);

describe('A token that is revoked twice', () => {
  afterEach(closeShops);

  it('is renewed twice, and instances without calls in between get the second new token', async () => {
    const { portone, shops, advance } = await openFleet();
    portone.revokeAccessTokens();
    const [first, ...others] = shops;
    expect(await statusOf(first!, payment)).toBe(200);
    await advance(2_000);
    portone.revokeAccessTokens();
    const answers = await Promise.all(
      others.map((shop) => statusOf(shop, payment)),
    );
    expect(answers).toEqual(others.map(() => 200));
    expect(portone.calls.tokens).toBe(2);
  });
});

describe('An endpoint that always answers 401, called by one instance after another', () => {
  afterEach(closeShops);

  it('costs a fleet as many token calls as one instance: two at first, and one after each pause', async () => {
    const { portone, shops, advance } = await openFleet();
    portone.fail(refusing, { kind: 'status', status: 401 });
    const calledAt: number[] = [];
    for (let second = 0; second < 200; second += 1) {
      const before = portone.calls.tokens;
      expect(await statusOf(shops[second % SIZE]!, refusing)).toBe(401);
      if (portone.calls.tokens > before) calledAt.push(second);
      await advance(1_000);
    }
    expect(calledAt).toEqual([0, 1, 21, 61, 121, 181]);
  });
});
