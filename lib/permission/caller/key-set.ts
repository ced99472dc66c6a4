import {
  createPublicKey,
  type JsonWebKey,
  type VerifyKeyObjectInput,
} from 'node:crypto';
import { errors } from 'jose';
import { own, ownOnly } from '../../portone/own.js';

/** A public key that can verify ES256, imported once. */
export interface VerificationKey {
  readonly kid: string | undefined;
  readonly key: PublicKey;
}

/** A P-256 public key for Node's `verify`, with signatures in the format of JWS instead of DER. */
export type PublicKey = VerifyKeyObjectInput;

/** Finds the key for a token by the `kid` of its header. */
export type KeySource = (kid: unknown) => PublicKey | Promise<PublicKey>;

/**
 * The keys of a JWKS that can verify ES256. All others are left out: RSA and secret keys, private keys, other curves, other
 * uses, and points that are not on the curve.
 */
export function usableKeys(set: unknown): readonly VerificationKey[] {
  const list = own(set, 'keys');
  if (!Array.isArray(list)) return [];
  return list
    .filter(isForES256)
    .map(imported)
    .filter((key) => key !== undefined);
}

/**
 * The key for the `kid` of a token. If there is only one key, a token without a `kid` gets it; and if that key has no `kid`
 * either, every token gets it.
 *
 * @throws JWKSNoMatchingKey and JWKSMultipleMatchingKeys of jose
 */
export function chooseKey(
  keys: readonly VerificationKey[],
  kid: unknown,
): PublicKey {
  const isOnlyKeyUnnamed = keys.length === 1 && keys[0]?.kid === undefined;
  const { 0: first, 1: second } =
    kid === undefined || isOnlyKeyUnnamed
      ? keys
      : keys.filter((key) => key.kid === kid);
  if (!first) throw new errors.JWKSNoMatchingKey();
  if (second) throw new errors.JWKSMultipleMatchingKeys();
  return first.key;
}

function isForES256(jwk: unknown): boolean {
  const is = (name: string, ...allowed: unknown[]) =>
    allowed.includes(own(jwk, name));
  const operations = own(jwk, 'key_ops');
  return (
    is('kty', 'EC') &&
    is('crv', 'P-256') &&
    is('d', undefined) &&
    is('use', undefined, 'sig') &&
    is('alg', undefined, 'ES256') &&
    (operations === undefined ||
      (Array.isArray(operations) && operations.includes('verify')))
  );
}

function imported(jwk: unknown): VerificationKey | undefined {
  const kid = own(jwk, 'kid');
  const point = ownOnly<JsonWebKey>({
    kty: 'EC',
    crv: 'P-256',
    x: own(jwk, 'x'),
    y: own(jwk, 'y'),
  });
  try {
    const key = ownOnly<PublicKey>({
      key: createPublicKey({ key: point, format: 'jwk' }),
      dsaEncoding: 'ieee-p1363',
    });
    return { kid: typeof kid === 'string' ? kid : undefined, key };
  } catch {
    return undefined;
  }
}
