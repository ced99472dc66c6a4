import { PassThrough, pipeline, type Readable } from 'node:stream';

/** A Node stream, by structure: it may come from another realm or copy. */
export const isStream = (value: unknown): value is Readable =>
  hasMethod(value, 'pipe');

/** A stream of the web's kind, which the fetch adapter answers with. */
export const isWebStream = (value: unknown): value is ReadableStream =>
  hasMethod(value, 'getReader');

/** Reads a refused answer to its end, so that its connection can serve the replay. */
export function drain(data: unknown): void {
  if (isStream(data)) data.on('error', () => undefined).resume();
  else if (isWebStream(data)) data.cancel().catch(() => undefined);
}

/** The same bytes on a stream that leads neither to the socket nor, in its error, to the header that was sent. */
export function detached(
  data: Readable,
  scrub: (error: unknown) => void,
): Readable {
  const through = new PassThrough();
  data.once('error', scrub);
  // An error or an early end reaches the reader through the pipeline; nobody else listens here.
  pipeline(data, through, () => undefined);
  return through;
}

/** The same for a stream of the web's kind. */
export function detachedWeb(
  data: ReadableStream,
  scrub: (error: unknown) => void,
): ReadableStream {
  const reader = data.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        scrub(error);
        throw error;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

const hasMethod = (value: unknown, name: string): boolean =>
  typeof value === 'object' &&
  value !== null &&
  name in value &&
  typeof (value as Record<string, unknown>)[name] === 'function';
