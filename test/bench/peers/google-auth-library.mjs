import { OAuth2Client } from 'google-auth-library';
import { TokenCalls } from '../support/token-calls.mjs';
import { createTransport } from '../support/transport.mjs';

/**
 * `forceRefreshOnFailure` with its single flight, which needs a refresh token. The library would always use the first one, but
 * PortOne's refresh tokens rotate. So the library gets a constant, and `TokenCalls` holds the real one.
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
