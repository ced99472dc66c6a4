import { afterEach, describe, expect, it } from '@jest/globals';
import { pairSeal, type TokenPair } from '../../../lib/store/sealed-pair.js';
import { SharedMemoryStore } from '../../support/shared-memory.store.js';
import { closeShops, openEmulator, openShop } from '../../support/shop.js';
import { VirtualTime } from '../../support/virtual-time.js';

const LIFE_MS = 1_800_000;

/** Contents that another version of this package, or another program with the secret, may encrypt. */
const STRANGE: [string, (pair: TokenPair) => unknown][] = [
  ['null', () => null],
  ['a number', () => 5],
  ['an object without fields', () => ({})],
  ['no access token', (pair) => ({ ...pair, accessToken: undefined })],
  [
    'an access token that is not a JWT',
    (pair) => ({ ...pair, accessToken: 'ab' }),
  ],
  [
    'a refresh token that is not a string',
    (pair) => ({ ...pair, refreshToken: {} }),
  ],
  [
    'a lifetime that is not a number',
    (pair) => ({ ...pair, lifetimeMs: '30 min' }),
  ],
  ['a cure without endpoints', (pair) => ({ ...pair, cure: { pauseMs: 1 } })],
  ['a stamp without a time', (pair) => ({ ...pair, written: {} })],
];

describe('A record that can be decrypted with the API secret and holds', () => {
  afterEach(closeShops);

  it.each(STRANGE)('%s is ignored and replaced', async (_, strange) => {
    const time = new VirtualTime();
    const portone = await openEmulator({ clock: time.trueTime });
    const store = new SharedMemoryStore(time);
    const { key, seal } = pairSeal(portone.apiSecret, portone.url);
    const pair = {
      accessToken: await portone.issueAccessToken(),
      refreshToken: 'refresh',
      lifetimeMs: LIFE_MS,
      refreshLifetimeMs: LIFE_MS,
    };
    const sealed = await seal(strange(pair) as TokenPair);
    await store.update(key, 0, async () => ({
      sealed,
      expiresInMs: LIFE_MS,
    }));
    const open = () => openShop({ portone, time, options: { store } });
    const { http } = await open();
    expect((await http.axiosRef.get('/payments')).status).toBe(200);
    await open();
    expect(portone.calls).toMatchObject({
      login: 1,
      unauthorized: 0,
    });
  });
});
