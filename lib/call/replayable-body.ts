import type { Readable } from 'node:stream';

/** Whether a body can be sent a second time. A stream, an iterator or a `form-data` form is spent once sent. */
export function isReplayable(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return true;
  return !isStream(body) && !(Symbol.asyncIterator in body);
}

/** Whether a value is a Node stream. Looks at its methods, because `instanceof` fails for a stream of another realm. */
export const isStream = (value: unknown): value is Readable =>
  hasMethod(value, 'pipe');

/** Whether a value is a web stream, as the body of a `Response` is. */
export const isWebStream = (value: unknown): value is ReadableStream =>
  hasMethod(value, 'getReader');

const hasMethod = (value: unknown, name: string): boolean =>
  typeof value === 'object' &&
  value !== null &&
  name in value &&
  typeof (value as Record<string, unknown>)[name] === 'function';
