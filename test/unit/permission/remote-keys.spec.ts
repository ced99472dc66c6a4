import { describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import { localKeys } from '../../../lib/permission/caller/key-source.js';
import { RemoteKeys } from '../../../lib/permission/caller/remote-keys.js';
import { VirtualTime } from '../../support/virtual-time.js';

const keyOf = async (kid?: string) => {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(publicKey)), ...(kid && { kid }) };
};

async function remote(...kids: (string | undefined)[]) {
  const set: JSONWebKeySet = { keys: await Promise.all(kids.map(keyOf)) };
  const time = new VirtualTime();
  const fetched = { times: 0 };
  const keys = new RemoteKeys(() => {
    fetched.times += 1;
    return Promise.resolve(set);
  }, time.clock);
  return { keys, time, fetched };
}

describe('Remote keys', () => {
  it('are fetched anew when they are older than ten minutes, not before', async () => {
    const { keys, time, fetched } = await remote('a', 'b');
    await keys.find({ alg: 'ES256', kid: 'a' });
    await time.advance(600_000);
    await keys.find({ alg: 'ES256', kid: 'b' });
    expect(fetched.times).toBe(1);
    await time.advance(1);
    await keys.find({ alg: 'ES256', kid: 'a' });
    expect(fetched.times).toBe(2);
  });

  it('are not fetched for a token that names no key where there are several: no other set would tell', async () => {
    const { keys, time, fetched } = await remote('a', 'b');
    await keys.find({ alg: 'ES256', kid: 'a' });
    await time.advance(60_000);
    await expect(keys.find({ alg: 'ES256' })).rejects.toMatchObject({
      code: 'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
    });
    expect(fetched.times).toBe(1);
  });
});

describe('Keys that are known', () => {
  it('are chosen by name when there are several, though one has none', async () => {
    const [nameless, named] = [await keyOf(), await keyOf('a')];
    const find = localKeys({ keys: [nameless, named] });
    const { y } = await exportJWK(await find({ alg: 'ES256', kid: 'a' }));
    expect(y).toBe(named.y);
  });
});
