import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** An HTTP server that accepts thousands of connections at once. `stop()` closes them without waiting. Listens on 127.0.0.1 by default. */
export class EmulatorServer {
  readonly #server;
  readonly #sockets = new Set<Socket>();
  #stopped: Promise<void> | undefined;

  constructor(listener: RequestListener) {
    const server = createServer({ keepAlive: true }, listener);
    // No timeouts, because a test decides how long an answer hangs. Idle connections of clients must stay open.
    server.requestTimeout = server.headersTimeout = server.timeout = 0;
    server.keepAliveTimeout = 120_000;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server = server;
  }

  /** Listens on a port (0: any free port), and gives the URL for clients on this machine. */
  async listen(port: number, host = '127.0.0.1'): Promise<string> {
    this.#server.listen({ host, port, backlog: 4096 });
    await once(this.#server, 'listening');
    const listening = this.#server.address() as AddressInfo;
    const { address, family } = listening;
    const isEvery = address === '0.0.0.0' || address === '::';
    const name = family === 'IPv6' ? `[${address}]` : address;
    return `http://${isEvery ? '127.0.0.1' : name}:${listening.port}`;
  }

  stop(): Promise<void> {
    this.#stopped ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
    return this.#stopped;
  }
}
