import { describe, expect, it } from '@jest/globals';
import { generateKeyPair, SignJWT } from 'jose';
import { CallerVerifier } from '../../../lib/permission/caller-verifier.js';
import { VirtualTime } from '../../support/virtual-time.js';

const keys = generateKeyPair('ES256');
const time = new VirtualTime();

async function verifierThatCounts() {
  const { publicKey, privateKey } = await keys;
  const asked = { keys: 0 };
  const verifier = new CallerVerifier(
    () => {
      asked.keys += 1;
      return Promise.resolve(publicKey);
    },
    { clockTolerance: 5, maxTokenAge: 3600 },
    () => ({ merchantIds: ['m'] }),
    time.clock,
  );
  const at = time.trueTime.now() / 1000;
  const issue = (user_id: string, key = privateKey) =>
    new SignJWT({
      iss: 'IAMPORT',
      iat: at,
      exp: at + 60,
      user_id,
      merchant_service: { merchant_id: 'm' },
    })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(key);
  return { verifier, asked, issue };
}

describe('The verifier', () => {
  it('verifies once for requests that come at once with one token, and each token by itself', async () => {
    const { verifier, asked, issue } = await verifierThatCounts();
    const tokens = [await issue('a'), await issue('b')];
    const claims = await Promise.all(
      Array.from({ length: 32 }, (_, index) =>
        verifier.verify(tokens[index % 2]!),
      ),
    );
    expect(asked.keys).toBe(2);
    expect(claims.map(({ user_id }) => user_id).slice(0, 4)).toEqual([
      'a',
      'b',
      'a',
      'b',
    ]);
  });

  it('remembers no verdict: the next request is verified anew', async () => {
    const { verifier, asked, issue } = await verifierThatCounts();
    const foreign = await generateKeyPair('ES256');
    const invalid = { code: 'PORTONE_TOKEN_INVALID' };
    const good = await issue('a');
    const bad = await issue('a', foreign.privateKey);
    await verifier.verify(good);
    await expect(verifier.verify(bad)).rejects.toMatchObject(invalid);
    await verifier.verify(good);
    await expect(verifier.verify(bad)).rejects.toMatchObject(invalid);
    expect(asked.keys).toBe(4);
    await time.advance(66_000);
    await expect(verifier.verify(good)).rejects.toMatchObject(invalid);
  });
});
