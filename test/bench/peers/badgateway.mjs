import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client';
import { TokenCalls } from '../support/token-calls.mjs';
import { createTransport } from '../support/transport.mjs';

/** Its fetch middleware with its own schedule, single flight and replay. Only the token calls are ours. */
export async function openBadgateway(portone, httpAgent) {
  const tokens = new TokenCalls(portone, httpAgent);
  const transport = createTransport(httpAgent);
  class PortOneClient extends OAuth2Client {
    refreshToken({ refreshToken }) {
      return tokens.refresh(refreshToken);
    }
  }
  const oauth = new OAuth2Fetch({
    client: new PortOneClient({ server: portone.url, clientId: 'bench' }),
    getNewToken: () => tokens.login(),
  });
  const middleware = oauth.mw();
  return {
    name: '@badgateway/oauth2-client',
    async call(path) {
      const request = new Request(portone.url + path);
      const response = await middleware(request, transport.fetch);
      if (!response.ok) throw new Error(`status ${response.status}`);
      return response.json();
    },
    isRenewing: () => tokens.inFlight > 0,
    close: () => clearTimeout(oauth.refreshTimer),
  };
}
