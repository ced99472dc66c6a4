import { types } from 'node:util';

const { isMap, isSet } = types;

/**
 * Every text that can be reached from a value: through hidden and symbol properties, prototypes and entries of collections, and
 * in the source of functions. Visits each object once; `util.inspect` would print it once for every path to it.
 */
export function reachableTexts(root: unknown): Set<string> {
  const texts = new Set<string>();
  const seen = new Set<unknown>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string') texts.add(value);
    const isObject = typeof value === 'object' && value !== null;
    if ((!isObject && typeof value !== 'function') || seen.has(value)) continue;
    seen.add(value);
    if (typeof value === 'function') texts.add(String(value));
    if (value instanceof Uint8Array) texts.add(Buffer.from(value).toString());
    else open.push(...partsOf(value as object));
  }
  return texts;
}

function partsOf(value: object): unknown[] {
  const parts: unknown[] = [Object.getPrototypeOf(value)];
  for (const { value: part, get } of Object.values(
    Object.getOwnPropertyDescriptors(value),
  ))
    parts.push(part, get);
  for (const key of Object.getOwnPropertySymbols(value))
    parts.push(Object.getOwnPropertyDescriptor(value, key)?.value);
  if (isMap(value)) for (const entry of value) parts.push(...entry);
  if (isSet(value)) parts.push(...value);
  return parts;
}
