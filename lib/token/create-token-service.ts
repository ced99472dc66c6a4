import type { TokenTransport } from '../portone/portone-auth.client.js';
import { TokenReporter } from './token-reporter.js';
import type { TokenServiceOptions } from './token-service-options.js';
import { TokenService } from './token.service.js';

/** A client's token service. What it takes to talk to PortOne is loaded for the clients that are registered. */
export async function createTokenService(
  options: TokenServiceOptions,
  transport: TokenTransport,
): Promise<TokenService> {
  const { createTokenChain } = await import('./renewal/create-token-chain.js');
  const reporter = new TokenReporter(options.client, options.clock);
  const chain = createTokenChain(options, transport, reporter);
  return new TokenService(options, chain, reporter);
}
