import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { PortOneEmulator } from '../../../lib/testing/index.js';

/** A request of the API, and the secret whose token it carried. */
export interface ApiRequest {
  readonly path: string;
  readonly secret: string | undefined;
}

const UNAUTHORIZED = { type: 'UNAUTHORIZED' };

/** One origin for several merchants: it knows whose secret each of its tokens came from. */
export async function openOneOrigin() {
  const signer = await PortOneEmulator.start();
  const secretOf = new Map<string, string>();
  const revoked = new Set<string>();
  const apiRequests: ApiRequest[] = [];
  const tokenCalls: string[] = [];

  const issue = async (secret: string) => {
    const salt = `${secret} ${tokenCalls.push(secret)}`;
    const accessToken = await signer.issueAccessToken({ salt });
    const refreshToken = await signer.issueAccessToken({
      salt,
      for: 'refresh',
    });
    secretOf.set(accessToken, secret).set(refreshToken, secret);
    return { accessToken, refreshToken };
  };
  const answer = async (request: IncomingMessage) => {
    const path = request.url ?? '';
    if (request.method === 'POST') {
      const sent = JSON.parse(await text(request)) as Record<string, string>;
      const { apiSecret, refreshToken = '' } = sent;
      const secret = apiSecret ?? secretOf.get(refreshToken);
      return secret ? issue(secret) : UNAUTHORIZED;
    }
    const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
    const secret = secretOf.get(token);
    apiRequests.push({ path, secret });
    return secret && !revoked.has(token) ? {} : UNAUTHORIZED;
  };
  const server = createServer((request, response) => {
    void answer(request).then((body) => {
      response.statusCode = body === UNAUTHORIZED ? 401 : 200;
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    apiRequests,
    /** The secrets of the logins and refreshes so far, in their order. */
    tokenCalls,
    revokeTokensOf: (secret: string) => {
      for (const [token, of] of secretOf) if (of === secret) revoked.add(token);
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await signer.stop();
    },
  };
}
