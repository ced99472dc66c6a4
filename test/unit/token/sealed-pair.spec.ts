import { describe, expect, it } from '@jest/globals';
import { pairSeal } from '../../../lib/store/sealed-pair.js';

const origin = 'https://api.portone.io';
const pair = {
  accessToken: 'access-canary',
  refreshToken: 'refresh-canary',
  lifetimeMs: 1_799_000,
  refreshLifetimeMs: 86_399_000,
};

describe('A sealed pair', () => {
  const seal = pairSeal('secret-canary', origin);

  it('can be opened with the same secret', async () => {
    const sealed = await seal.seal(pair);
    expect(await pairSeal('secret-canary', origin).open(sealed)).toEqual(pair);
  });

  it('does not show the tokens, the secret or that the same pair was sealed before', async () => {
    const sealed = await seal.seal(pair);
    expect(await seal.seal(pair)).not.toBe(sealed);
    for (const text of [sealed, seal.key]) {
      const seen = `${text} ${Buffer.from(text, 'base64url').toString('latin1')}`;
      expect(seen).not.toContain('canary');
    }
  });

  it.each([
    ['another secret', pairSeal('another', origin)],
    ['another origin', pairSeal('secret-canary', 'https://other.test')],
  ])(
    'cannot be opened with %s, which has another key in the store',
    async (_, other) => {
      expect(await other.open(await seal.seal(pair))).toBeUndefined();
      expect(other.key).not.toBe(seal.key);
    },
  );

  it.each(['', 'garbage', 'a.b.c.d.e', '{}'])(
    'is not read from %j',
    async (text) => {
      expect(await seal.open(text)).toBeUndefined();
    },
  );

  it('that is longer than 64 KiB is not opened', async () => {
    const long = { ...pair, refreshToken: 'x'.repeat(65_536) };
    const sealed = await seal.seal(long);
    expect(
      await pairSeal('secret-canary', origin).open(sealed),
    ).toBeUndefined();
  });

  it('cannot be opened after it was changed', async () => {
    const parts = (await seal.seal(pair)).split('.');
    parts[3] = parts[3]!.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'));
    expect(await seal.open(parts.join('.'))).toBeUndefined();
  });
});
