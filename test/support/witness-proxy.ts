import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A forward proxy on 127.0.0.1 that records everything it can read. */
export interface WitnessProxy {
  readonly url: string;
  readonly port: number;
  /** The request lines, such as `CONNECT host:port` or `POST http://…`. */
  readonly asked: string[];
  /** The header `Proxy-Authorization` of each request. */
  readonly credentials: (string | undefined)[];
  /** The text that went through the proxy without encryption. */
  readonly text: string;
  close(): Promise<void>;
}

/** Opens a proxy. For every host name, it connects to the same port on 127.0.0.1. */
export async function openWitnessProxy(): Promise<WitnessProxy> {
  const asked: string[] = [];
  const credentials: (string | undefined)[] = [];
  const sockets = new Set<Duplex>();
  let text = '';
  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    credentials.push(incoming.headers['proxy-authorization']);
    text += JSON.stringify(incoming.headers);
    incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const { hostname, port, pathname, search } = new URL(incoming.url ?? '');
    const onwards = request(
      {
        host: hostname,
        port,
        path: pathname + search,
        method: incoming.method,
        headers: incoming.headers,
        agent: false,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onwards.on('error', () => response.destroy());
    incoming.pipe(onwards);
  });
  server.on('connect', (incoming, socket: Duplex, head: Buffer) => {
    asked.push(`CONNECT ${incoming.url}`);
    credentials.push(incoming.headers['proxy-authorization']);
    sockets.add(socket);
    const port = Number(incoming.url?.split(':').pop());
    const onwards = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onwards.write(head);
      onwards.pipe(socket);
      socket.pipe(onwards);
    });
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', () => onwards.destroy());
    onwards.on('error', () => socket.destroy());
  });
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    asked,
    credentials,
    get text() {
      return text;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
