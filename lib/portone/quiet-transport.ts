import * as nodeHttp from 'node:http';
import * as nodeHttps from 'node:https';

// Not default imports: see separate-connections.ts.
const http = (nodeHttp as { default?: typeof nodeHttp }).default ?? nodeHttp;
const https =
  (nodeHttps as { default?: typeof nodeHttps }).default ?? nodeHttps;

/** What axios calls to send a request. */
interface Transport {
  request(
    options: nodeHttps.RequestOptions,
    answered: (answer: nodeHttp.IncomingMessage) => void,
  ): nodeHttp.ClientRequest;
}

/**
 * Node's own transport, but its sockets do not keep the process alive. The callers that wait for a token do that
 * (`holdProcess`), and without any the process may end.
 */
export const quietTransport: Transport = {
  // The protocol may be that of a proxy.
  request: (options, answered) =>
    (options.protocol === 'https:' ? https : http)
      .request(options, answered)
      .once('socket', (socket) => socket.unref()),
};
