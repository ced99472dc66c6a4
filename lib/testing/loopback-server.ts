import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** An HTTP server on 127.0.0.1 that takes thousands of connections at once and stops without waiting for any. */
export class LoopbackServer {
  readonly #server;
  readonly #sockets = new Set<Socket>();
  #stopped: Promise<void> | undefined;

  constructor(listener: RequestListener) {
    const server = createServer({ keepAlive: true }, listener);
    // A hanging answer is the tests' business to end, and an idle client must not meet a closed connection.
    server.requestTimeout = server.headersTimeout = server.timeout = 0;
    server.keepAliveTimeout = 120_000;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server = server;
  }

  /** Listens on a port, 0 for any free one, and gives its `http://127.0.0.1:<port>`. */
  async listen(port: number): Promise<string> {
    this.#server.listen({ host: '127.0.0.1', port, backlog: 4096 });
    await once(this.#server, 'listening');
    const address = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${address.port}`;
  }

  stop(): Promise<void> {
    this.#stopped ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
    return this.#stopped;
  }
}
