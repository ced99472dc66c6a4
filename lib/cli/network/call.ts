import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { openTls } from './tunnel.js';

/** An answer whose body has been read. */
export interface CallAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** One call to PortOne. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly proxy?: URL | undefined;
  /** Sent as JSON. */
  readonly body?: object;
}

/** The same limit as in the module; a pair of tokens has about 3 KB. */
const MAX_BYTES = 64 * 1024;

/**
 * Makes one call on its own connection, and follows no redirect. Uses node:http instead of axios, so that the command line runs
 * without any peer. Rejects with Node's error, which may hold the request: print only its code.
 */
export async function call(
  { method, url, proxy, body }: Call,
  signal: AbortSignal,
): Promise<CallAnswer> {
  const text = body && JSON.stringify(body);
  const tls =
    url.protocol === 'https:' && proxy
      ? await openTls(url, proxy, signal)
      : undefined;
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(
    url,
    {
      method,
      agent: false,
      signal,
      headers: {
        Accept: 'application/json',
        Connection: 'close',
        ...(text && {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(text),
        }),
      },
      ...(tls && { createConnection: () => tls }),
    },
  );
  request.end(text);
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return {
      status: response.statusCode ?? 0,
      body: await textOf(response),
      headers: response.headers,
    };
  } finally {
    // An open connection would keep the process from ending.
    request.destroy();
    tls?.destroy();
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
