import { PassThrough, Stream, type Duplex, type Readable } from 'node:stream';
import { timer, type SchedulerLike } from 'rxjs';
import { isStream, isWebStream } from '../../call/replayable-body.js';

/** A refused answer is read up to these limits, so that its connection can be used again. Beyond them the connection is closed. */
const MAX_REFUSED_BYTES = 64 * 1024;
const MAX_REFUSED_MS = 1_000;

/** Reads a refused answer to its end, so that its connection can serve the replay. Destroys it at a limit. */
export function letGo(data: unknown, scheduler: SchedulerLike): void {
  if (isWebStream(data)) data.cancel().catch(() => undefined);
  if (!isStream(data)) return;
  let bytes = 0;
  const end = timer(MAX_REFUSED_MS, scheduler).subscribe(() => data.destroy());
  data
    .on('data', (chunk: { length: number }) => {
      bytes += chunk.length;
      if (bytes > MAX_REFUSED_BYTES) data.destroy();
    })
    .on('error', () => undefined)
    .once('close', () => end.unsubscribe());
}

/** Relays a request body through a stream that does not lead to the socket, and so not to the header that is sent on it. */
export function detachedBody(data: unknown): unknown {
  // A form of the package `form-data` stays as it is: axios needs its methods, and it does not lead to the socket.
  if (!isStream(data) || !('_readableState' in data)) return data;
  const through = new PassThrough();
  relay(data, through, (error) => error);
  return through;
}

/** What apps read from Node's IncomingMessage beside its bytes. `form-data`, for example, takes length and name from it. */
const FIXED =
  'headers rawHeaders statusCode statusMessage url method httpVersion httpVersionMajor httpVersionMinor'.split(
    ' ',
  );
const FINAL = 'complete aborted trailers rawTrailers'.split(' ');

/** The same bytes on a stream that leads neither to the socket nor, in its error, to the header that was sent. */
export function detached(
  data: Readable,
  path: string | undefined,
  scrub: (error: unknown) => unknown,
): Readable {
  const through = new PassThrough();
  const message = data as unknown as Record<string, unknown>;
  for (const name of FIXED)
    if (name in data) define(through, name, { value: message[name] });
  for (const name of FINAL)
    if (name in data) define(through, name, { get: () => message[name] });
  if ('httpVersion' in data)
    define(through, 'client', { value: { _httpMessage: { path } } });
  data.once('aborted', () => {
    // The error comes first. Without one, a reader of an aborted stream gets "premature close" instead of the reason.
    if (data.errored) through.destroy(scrub(data.errored) as Error);
    through.emit('aborted');
  });
  relay(data, through, scrub);
  return through;
}

/** The same for a web stream. */
export function detachedWeb(
  data: ReadableStream,
  scrub: (error: unknown) => unknown,
): ReadableStream {
  const reader = data.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        throw scrub(error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** Uses `pipe` of Stream, because `pipe` of Readable keeps a reference that an inspection follows. */
function relay(
  from: Readable,
  to: Duplex,
  errorFor: (error: unknown) => unknown,
): void {
  from.once('error', (error) => to.destroy(errorFor(error) as Error));
  // As with Node's IncomingMessage, an error without a listener does not end the process.
  to.on('error', () => undefined);
  to.once('close', () => from.destroy());
  Stream.prototype.pipe.call(from, to);
}

const define = (
  target: object,
  name: string,
  descriptor: PropertyDescriptor,
): void => {
  Object.defineProperty(target, name, { configurable: true, ...descriptor });
};
