import { describe, expect, it } from '@jest/globals';
import { errors, exportJWK, generateKeyPair } from 'jose';
import { KeySetFailure } from '../../../lib/permission/caller/fetch-key-set.js';
import {
  chooseKey,
  usableKeys,
  type PublicKey,
} from '../../../lib/permission/caller/key-set.js';
import { RemoteKeys } from '../../../lib/permission/caller/remote-keys.js';
import { VirtualTime } from '../../support/virtual-time.js';

const COOLDOWN_MS = 30_000;
const HOUR_MS = 3_600_000;
const unavailable = { code: 'PORTONE_KEYS_UNAVAILABLE' };

const keyOf = async (kid?: string) => {
  const { publicKey } = await generateKeyPair('ES256');
  return usableKeys({ keys: [{ ...(await exportJWK(publicKey)), kid }] })[0]!;
};

/** An endpoint with these keys. It fails while it has a `cause`. */
async function remote(...kids: (string | undefined)[]) {
  const shown = await Promise.all(kids.map(keyOf));
  const time = new VirtualTime();
  const endpoint = { fetches: 0, cause: undefined as string | undefined };
  const reports: string[] = [];
  const fetchKeys = () => {
    endpoint.fetches += 1;
    const { cause } = endpoint;
    return cause === undefined
      ? Promise.resolve(shown)
      : Promise.reject(new KeySetFailure(cause));
  };
  const keys = new RemoteKeys(fetchKeys, time.clock, {
    failing: (cause) => reports.push(`failing: ${cause}`),
    recovered: () => reports.push('recovered'),
  });
  const find = async (kid: unknown) => keys.find(kid);
  return { find, time, endpoint, reports };
}

describe('Remote keys', () => {
  it('are fetched again only when they are older than ten minutes', async () => {
    const { find, time, endpoint } = await remote('a', 'b');
    await find('a');
    await time.advance(600_000);
    await find('b');
    expect(endpoint.fetches).toBe(1);
    await time.advance(1);
    await find('a');
    expect(endpoint.fetches).toBe(2);
  });

  it('are not fetched again for a token without a kid when there are several keys', async () => {
    const { find, time, endpoint } = await remote('a', 'b');
    await find('a');
    await time.advance(60_000);
    await expect(find(undefined)).rejects.toThrow(
      errors.JWKSMultipleMatchingKeys,
    );
    expect(endpoint.fetches).toBe(1);
  });

  it('are used for an hour after the last successful fetch while the endpoint fails, and not longer', async () => {
    const { find, time, endpoint } = await remote('a');
    await find('a');
    endpoint.cause = 'it answered 500';
    await time.advance(HOUR_MS);
    await expect(find('a')).resolves.toBeDefined();
    await time.advance(COOLDOWN_MS);
    await expect(find('a')).rejects.toMatchObject(unavailable);
    endpoint.cause = undefined;
    await time.advance(COOLDOWN_MS);
    await expect(find('a')).resolves.toBeDefined();
  });

  it('that are older than an hour are fetched again before the next caller is verified', async () => {
    const { find, time, endpoint } = await remote('a');
    await find('a');
    await time.advance(HOUR_MS + 1);
    await find('a');
    expect(endpoint.fetches).toBe(2);
  });

  it('are reported once when fetches begin to fail, and once when they work again', async () => {
    const { find, time, endpoint, reports } = await remote('a');
    await find('a');
    for (const cause of ['it answered 500', 'it answered 404', undefined]) {
      endpoint.cause = cause;
      for (let fetches = 0; fetches < 3; fetches += 1) {
        await time.advance(COOLDOWN_MS);
        await find('unknown').catch(() => undefined);
      }
    }
    expect(endpoint.fetches).toBe(10);
    expect(reports).toEqual(['failing: it answered 500', 'recovered']);
  });

  it('are reported with the name of an unexpected error, without its message', async () => {
    const said: string[] = [];
    const keys = new RemoteKeys(
      () => Promise.reject(new TypeError('secret')),
      new VirtualTime().clock,
      { failing: (cause) => said.push(cause), recovered: () => undefined },
    );
    await expect(keys.find('a')).rejects.toMatchObject(unavailable);
    expect(said).toEqual(['unexpected TypeError']);
  });
});

describe('The key for a token', () => {
  const key = {} as PublicKey;

  it('is chosen by its kid when there are several, even if another key has no kid', () => {
    const named = {} as PublicKey;
    const keys = [
      { kid: undefined, key },
      { kid: 'a', key: named },
    ];
    expect(chooseKey(keys, 'a')).toBe(named);
  });

  it('is the only key when the key or the token has no kid', () => {
    expect(chooseKey([{ kid: undefined, key }], 'a')).toBe(key);
    expect(chooseKey([{ kid: 'a', key }], undefined)).toBe(key);
  });

  it('is not found when the kid differs or is not a string', () => {
    for (const kid of ['b', '', 1, null, ['a']]) {
      expect(() => chooseKey([{ kid: 'a', key }], kid)).toThrow(
        errors.JWKSNoMatchingKey,
      );
    }
  });
});
