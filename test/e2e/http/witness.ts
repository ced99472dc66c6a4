import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request that reached the server. Read from the raw headers, because `request.headers` would show a polluted prototype too. */
export interface Seen {
  readonly path: string;
  readonly body: string;
  readonly authorization: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** A server on loopback that records its requests. */
export interface Witness {
  readonly url: string;
  readonly seen: Seen[];
}

const open: { close(): void }[] = [];

/** Closes the servers of {@link openWitness}; for `afterEach`. */
export function closeWitnesses(): void {
  for (const witness of open.splice(0)) witness.close();
}

export async function openWitness(
  answer: (
    request: IncomingMessage,
    response: ServerResponse,
    seen: Seen,
  ) => void = (_, response) => response.end('{}'),
): Promise<Witness> {
  const seen: Seen[] = [];
  const listener: RequestListener = (request, response) => {
    void text(request).then((body) => {
      const headers = headersOf(request.rawHeaders);
      const { authorization } = headers;
      const one = { path: request.url ?? '', body, authorization, headers };
      seen.push(one);
      answer(request, response, one);
    });
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, seen };
}

function headersOf(raw: readonly string[]): Record<string, string> {
  const headers = Object.create(null) as Record<string, string>;
  for (let at = 0; at < raw.length; at += 2)
    headers[raw[at]!.toLowerCase()] = raw[at + 1]!;
  return headers;
}
