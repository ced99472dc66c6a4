import { copyError, isError } from '../errors/copy-error.js';

/** How deep nested errors are copied. Errors may hold each other in a circle. */
const MAX_DEPTH = 8;

/** Fields that hold further errors. */
const HOLDERS = ['cause', 'errors'];

/**
 * Copies an error of fetch and its causes, but not the objects they hold: an error of a dispatcher may hold the request that was
 * sent, and with it the token.
 */
export function plainCauses(error: unknown, depth = 0): unknown {
  if (typeof error === 'function') return undefined;
  if (typeof error !== 'object' || error === null) return error;
  // What a mock or a tracer rejects with need not be an error.
  if ((!isError(error) && depth > 0) || depth >= MAX_DEPTH) return undefined;
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
