import { PassThrough, pipeline, type Readable } from 'node:stream';

/** A Node stream, by structure: it may come from another realm or copy. */
export const isStream = (value: unknown): value is Readable =>
  typeof value === 'object' &&
  value !== null &&
  'pipe' in value &&
  typeof value.pipe === 'function';

/** Reads a refused answer to its end, so that its connection can serve the replay. */
export function drain(data: unknown): void {
  if (!isStream(data)) return;
  data.on('error', () => undefined);
  data.resume();
}

/** The same bytes on a stream that does not lead back to the socket, and so to the header that was sent. */
export function detached(data: Readable): Readable {
  const through = new PassThrough();
  // An error or an early end reaches the reader through the pipeline; nobody else listens here.
  pipeline(data, through, () => undefined);
  return through;
}
