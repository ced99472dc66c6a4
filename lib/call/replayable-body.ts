import type { Readable } from 'node:stream';

/** Whether a body can be sent a second time. A stream, an iterator or a `form-data` form is spent once sent. */
export function isReplayable(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return true;
  return !isStream(body) && !(Symbol.asyncIterator in body);
}

/** A Node stream, by structure: it may come from another realm or copy. */
export const isStream = (value: unknown): value is Readable =>
  hasMethod(value, 'pipe');

/** A `ReadableStream`, as the body of a `Response` is. */
export const isWebStream = (value: unknown): value is ReadableStream =>
  hasMethod(value, 'getReader');

const hasMethod = (value: unknown, name: string): boolean =>
  typeof value === 'object' &&
  value !== null &&
  name in value &&
  typeof (value as Record<string, unknown>)[name] === 'function';
