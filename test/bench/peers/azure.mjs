import {
  bearerTokenAuthenticationPolicy,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import { TokenCalls } from '../support/token-calls.mjs';
import { createTransport } from '../support/transport.mjs';

/**
 * Its bearer policy. It requires https, so the transport replaces that by loopback http. It renews after a challenge only, so the
 * transport adds one to each 401. The callback requests a token with claims, which makes the policy renew in single flight.
 */
export async function openAzure(portone, httpAgent) {
  const tokens = new TokenCalls(portone, httpAgent);
  const { send } = createTransport(httpAgent);
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(
    bearerTokenAuthenticationPolicy({
      scopes: 'portone',
      credential: {
        async getToken() {
          const { accessToken, expiresAt } = await tokens.renew();
          return { token: accessToken, expiresOnTimestamp: expiresAt };
        },
      },
      challengeCallbacks: {
        async authorizeRequestOnChallenge({ request, getAccessToken, scopes }) {
          const renewed = await getAccessToken(scopes, {
            enableCae: true,
            claims: 'revoked',
          });
          request.headers.set('Authorization', `Bearer ${renewed.token}`);
          return true;
        },
      },
    }),
  );
  const httpClient = {
    async sendRequest(request) {
      const answer = await send({
        url: request.url.replace('https:', 'http:'),
        method: request.method,
        headers: request.headers.toJSON(),
      });
      const headers = createHttpHeaders();
      if (answer.status === 401) headers.set('WWW-Authenticate', 'Bearer');
      return { request, status: answer.status, headers };
    },
  };
  const base = portone.url.replace('http:', 'https:');
  return {
    name: '@azure/core-rest-pipeline',
    async call(path) {
      const { status } = await pipeline.sendRequest(
        httpClient,
        createPipelineRequest({ url: base + path }),
      );
      if (status !== 200) throw new Error(`status ${status}`);
    },
    isRenewing: () => tokens.inFlight > 0,
    close: () => undefined,
  };
}
