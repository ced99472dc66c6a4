import { beforeAll, describe, expect, it } from '@jest/globals';
import { pairSeal, type PairWritten } from '../../../lib/store/sealed-pair.js';
import {
  storedRefreshToken,
  storedToken,
} from '../../../lib/token/renewal/stored-pair.js';
import { PortOneEmulator } from '../../../lib/testing/index.js';

const LIFETIME_MS = 1_800_000;
const BORN_AT_MS = 5_000_000;
const now = { monotonic: 0, wall: 0 };
const seal = pairSeal('secret', 'https://api.portone.io');

/** A record whose TTL says that it was written just now, as an attacker may set it. */
async function putBack(written?: PairWritten, storeTimeMs?: number) {
  const accessToken = await issue();
  const sealed = await seal.seal({
    accessToken,
    refreshToken: 'refresh',
    lifetimeMs: LIFETIME_MS,
    refreshLifetimeMs: 2 * LIFETIME_MS,
    ...(written && { written }),
  });
  return {
    sealed,
    generation: 7,
    expiresInMs: LIFETIME_MS,
    ...(storeTimeMs !== undefined && { storeTimeMs }),
  };
}

let issue: () => Promise<string>;

describe('A record in a store', () => {
  beforeAll(async () => {
    const portone = await PortOneEmulator.start();
    issue = () => portone.issueAccessToken();
    await portone.stop();
  });

  const written = { generation: 7, bornAtMs: BORN_AT_MS };

  it('has the age since its birth time by the clock of the store, whatever its TTL says', async () => {
    const record = await putBack(written, BORN_AT_MS + 600_000);
    const token = await storedToken(seal, record, now);
    expect(token?.since.monotonic).toBe(-600_000);
  });

  it('gives no token that has expired by the clock of the store', async () => {
    const record = await putBack(written, BORN_AT_MS + LIFETIME_MS);
    expect(await storedToken(seal, record, now)).toBeUndefined();
    expect(await storedRefreshToken(seal, record)).toBe('refresh');
    const older = await putBack(written, BORN_AT_MS + 2 * LIFETIME_MS);
    expect(await storedRefreshToken(seal, older)).toBeUndefined();
  });

  it('gives no token under another generation than it was written with', async () => {
    const record = await putBack({ ...written, generation: 6 }, BORN_AT_MS);
    expect(await storedToken(seal, record, now)).toBeUndefined();
    expect(await storedRefreshToken(seal, record)).toBeUndefined();
  });

  it.each<[string, PairWritten | undefined, number | undefined]>([
    ['no clock', written, undefined],
    ['no stamp', undefined, BORN_AT_MS],
  ])(
    'has the age that its TTL shows in a store with %s',
    async (_, stamp, time) => {
      const record = await putBack(stamp, time);
      const token = await storedToken(
        seal,
        { ...record, expiresInMs: LIFETIME_MS - 60_000 },
        now,
      );
      expect(token?.since.monotonic).toBe(-60_000);
    },
  );
});
