import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type { KeySource } from './key-source.js';

/** Keys that are known: chosen by `kid`, except that a single key without one serves every token. */
export function localKeys(set: JSONWebKeySet): KeySource {
  const find = createLocalJWKSet(set);
  const isNameless = set.keys.length === 1 && set.keys[0]?.kid === undefined;
  return ({ alg, kid }) => find(isNameless ? { alg } : { alg, kid });
}
