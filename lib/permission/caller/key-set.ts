import { errors, importJWK, type CryptoKey, type JWK } from 'jose';
import { own } from '../../portone/own.js';

/** A public key that can verify ES256, imported once. */
export interface VerificationKey {
  readonly kid: string | undefined;
  readonly key: CryptoKey;
}

/** Finds the key for a token by the `kid` of its header. */
export type KeySource = (kid: unknown) => CryptoKey | Promise<CryptoKey>;

/**
 * The keys of a JWKS that can verify ES256. All others are left out: RSA and secret keys, private keys, other curves, other
 * uses, and points that are not on the curve.
 */
export async function usableKeys(
  set: unknown,
): Promise<readonly VerificationKey[]> {
  const list = own(set, 'keys');
  if (!Array.isArray(list)) return [];
  const keys = await Promise.all(list.filter(isForES256).map(imported));
  return keys.filter((key) => key !== undefined);
}

/**
 * The key for a token by its `kid`. A token without a `kid` gets the only key there is, and an only key without a `kid`
 * serves every token.
 *
 * @throws JWKSNoMatchingKey and JWKSMultipleMatchingKeys of jose
 */
export function chooseKey(
  keys: readonly VerificationKey[],
  kid: unknown,
): CryptoKey {
  const isNameless = keys.length === 1 && keys[0]?.kid === undefined;
  const { 0: first, 1: second } =
    kid === undefined || isNameless
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

async function imported(jwk: unknown): Promise<VerificationKey | undefined> {
  const kid = own(jwk, 'kid');
  const point = {
    __proto__: null,
    kty: 'EC',
    crv: 'P-256',
    x: own(jwk, 'x'),
    y: own(jwk, 'y'),
  };
  try {
    const key = (await importJWK(point as JWK, 'ES256')) as CryptoKey;
    return { kid: typeof kid === 'string' ? kid : undefined, key };
  } catch {
    return undefined;
  }
}
