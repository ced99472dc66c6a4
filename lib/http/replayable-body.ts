import { isStream } from './stream.js';

/** Whether the transformed body can be sent a second time. A stream, an iterator or a `form-data` form is spent once sent. */
export function isReplayable(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return true;
  return !isStream(body) && !(Symbol.asyncIterator in body);
}
