import { describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { CallerVerifier } from '../../../lib/permission/caller/caller-verifier.js';
import { usableKeys } from '../../../lib/permission/caller/key-set.js';
import type { PermissionDeniedException } from '../../../lib/permission/denial/permission-denied.exception.js';
import { VirtualTime } from '../../support/virtual-time.js';

const keys = generateKeyPair('ES256');
const time = new VirtualTime();

async function verifierThatCounts() {
  const { publicKey, privateKey } = await keys;
  const [key] = usableKeys({ keys: [await exportJWK(publicKey)] });
  const asked = { keys: 0 };
  const verifier = new CallerVerifier(
    () => {
      asked.keys += 1;
      return Promise.resolve(key!.key);
    },
    { clockTolerance: 5, maxTokenAge: 3600 },
    () => ({ merchantIds: ['m'] }),
    time.clock,
  );
  const at = time.trueTime.now() / 1000;
  const issue = (user_id: string, key = privateKey, claims: object = {}) =>
    new SignJWT({
      iss: 'IAMPORT',
      iat: at,
      exp: at + 60,
      user_id,
      merchant_service: { merchant_id: 'm' },
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(key);
  return { verifier, asked, issue, at };
}

describe('CallerVerifier', () => {
  it('verifies each token once for all concurrent requests with that token', async () => {
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

  it('caches no result: the next request with a token is verified again', async () => {
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

  it('rejects a token with any unusual header or form', async () => {
    const { verifier, issue } = await verifierThatCounts();
    const [header, payload, signature] = (await issue('a')).split('.');
    const encode = (value: object) =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const plain = { alg: 'ES256' };
    for (const token of [
      ...[
        { alg: 'none' },
        { alg: 'HS256' },
        { alg: ['ES256'] },
        { ...plain, crit: ['b64'], b64: false },
        { ...plain, crit: ['x'], x: 1 },
        { ...plain, jwk: {} },
        [plain],
      ].map((other) => `${encode(other)}.${payload}.${signature}`),
      `${header}.${payload}`,
      `${header}.${payload}.`,
      `${header}.${payload}.${signature}.x`,
      `.${payload}.${signature}`,
      `${encode({ alg: 'none' })}.${payload}.`,
      `${header}.${encode([])}.${signature}`,
      `${header}.${payload}.${signature}AA`,
      `${header}.${payload}.${'A'.repeat(86)}`,
    ])
      await expect(verifier.verify(token)).rejects.toMatchObject({
        code: 'PORTONE_TOKEN_INVALID',
      });
  });

  it('gives as reason which check failed, without any value of the token', async () => {
    const { verifier, issue, at } = await verifierThatCounts();
    const foreign = await generateKeyPair('ES256');
    const reasonFor = async (token: string) => {
      const denied: unknown = await verifier.verify(token).catch((e) => e);
      return (denied as PermissionDeniedException).reason;
    };
    const of = (claims: object) => issue('a', undefined, claims);
    expect([
      await reasonFor(await of({ exp: at - 6 })),
      await reasonFor(await of({ iss: 'EVIL' })),
      await reasonFor(await of({ merchant_service: { merchant_id: 'x' } })),
      await reasonFor(await issue('a', foreign.privateKey)),
      await reasonFor('abc'),
    ]).toEqual([
      'ERR_JWT_EXPIRED exp',
      'ERR_JWT_CLAIM_VALIDATION_FAILED iss',
      'the token belongs to another merchant or store',
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      'ERR_JWS_INVALID',
    ]);
  });

  it('rejects a token when its verification throws an unexpected error', async () => {
    const { issue } = await verifierThatCounts();
    const verifier = new CallerVerifier(
      () => Promise.reject(new TypeError('secret')),
      { clockTolerance: 5, maxTokenAge: 3600 },
      () => ({ merchantIds: ['m'] }),
      time.clock,
    );
    await expect(verifier.verify(await issue('a'))).rejects.toMatchObject({
      code: 'PORTONE_TOKEN_INVALID',
      reason: 'the token could not be verified',
    });
  });
});
