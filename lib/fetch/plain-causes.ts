import { types } from 'node:util';
import { copyError } from '../errors/copy-error.js';

/** Errors that hold each other are followed so far. */
const MOST_DEPTH = 8;

/** Fields that hold further errors. */
const HOLDERS = ['cause', 'errors'];

/**
 * A failure of fetch, its causes without the objects they hold. An error of a dispatcher may hold the request that was sent, and
 * so the token.
 */
export function plainCauses(error: unknown, depth = 0): unknown {
  if (typeof error === 'function') return undefined;
  if (typeof error !== 'object' || error === null) return error;
  if (!types.isNativeError(error) || depth >= MOST_DEPTH) return undefined;
  const plain = copyError(error) as unknown as Record<PropertyKey, unknown>;
  for (const key of Reflect.ownKeys(plain)) {
    const held = plain[key];
    if (typeof held !== 'object' && typeof held !== 'function') continue;
    const isHolder = HOLDERS.includes(String(key));
    const shown = Array.isArray(held)
      ? held.map((each) => plainCauses(each, depth + 1))
      : plainCauses(held, depth + 1);
    if (isHolder) plain[key] = shown;
    else Reflect.deleteProperty(plain, key);
  }
  return plain;
}
