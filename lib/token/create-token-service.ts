import type { TokenTransport } from '../portone/portone-auth.client.js';
import { TokenRenewer } from './token-renewer.js';
import { TokenReporter } from './token-reporter.js';
import type { TokenServiceOptions } from './token-service-options.js';
import { TokenService } from './token.service.js';

/**
 * A client's token service, down to the wire.
 *
 * JWTs and their validation are loaded here, for the clients that are registered, not by an import of the package.
 */
export async function createTokenService(
  options: TokenServiceOptions,
  transport: TokenTransport,
): Promise<TokenService> {
  const [{ PortOneAuthClient }, { TokenChain }] = await Promise.all([
    import('../portone/portone-auth.client.js'),
    import('./token-chain.js'),
  ]);
  const { client, clock, renewal, store } = options;
  const reporter = new TokenReporter(client, clock);
  const renewer = new TokenRenewer(
    new PortOneAuthClient(transport),
    clock,
    renewal.strategy,
    (message) => reporter.warn(message),
  );
  const { origin } = new URL(transport.baseURL);
  const chain = new TokenChain(store, renewer, origin, clock, reporter);
  return new TokenService(options, chain, reporter);
}
