import { OAuth2Client } from 'google-auth-library';
import { TokenCalls } from '../support/token-calls.mjs';
import { createTransport } from '../support/transport.mjs';

/**
 * `forceRefreshOnFailure` and its single flight, which needs a refresh token. It would keep the first one for ever, but
 * PortOne's rotate: so it holds a constant, and `renew` knows the real one.
 */
export async function openGoogleAuthLibrary(portone, httpAgent, options) {
  const tokens = new TokenCalls(portone, httpAgent);
  class PortOneClient extends OAuth2Client {
    async refreshTokenNoCache() {
      const { accessToken, expiresAt } = await tokens.renew();
      return {
        tokens: { access_token: accessToken, expiry_date: expiresAt },
        res: null,
      };
    }
  }
  const client = new PortOneClient({
    forceRefreshOnFailure: true,
    ...options,
  });
  client.setCredentials({ refresh_token: 'held by TokenCalls' });
  const { fetch: fetchImplementation } = createTransport(httpAgent);
  return {
    name: 'google-auth-library',
    call: (path) =>
      client.request({ url: portone.url + path, fetchImplementation }),
    isRenewing: () => tokens.inFlight > 0,
    close: () => undefined,
  };
}
