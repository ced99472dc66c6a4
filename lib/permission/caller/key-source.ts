import {
  createLocalJWKSet,
  type CryptoKey,
  type JSONWebKeySet,
  type JWTHeaderParameters,
} from 'jose';

/** Finds the public key for a token by its header. The header names a key by `kid`, never a place to get one from. */
export type KeySource = (header: JWTHeaderParameters) => Promise<CryptoKey>;

/** Keys that are known: chosen by `kid`, except that a single key without one serves every token. */
export function localKeys(set: JSONWebKeySet): KeySource {
  const find = createLocalJWKSet(set);
  const isNameless = set.keys.length === 1 && set.keys[0]?.kid === undefined;
  return ({ alg, kid }) => find(isNameless ? { alg } : { alg, kid });
}
