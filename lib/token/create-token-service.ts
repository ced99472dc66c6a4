import type { TokenTransport } from '../portone/portone-auth.client.js';
import { NO_TELEMETRY, type Telemetry } from './report/telemetry.js';
import { TokenReporter } from './report/token-reporter.js';
import { TokenService, type TokenServiceOptions } from './token.service.js';

/** The resolved options of a client, before its telemetry is made. */
type GivenOptions = Omit<TokenServiceOptions, 'telemetry'> & {
  readonly telemetry?: Telemetry;
};

/** Makes a client's token service. The code that talks to PortOne is loaded only here, so importing the package stays fast. */
export async function createTokenService(
  given: GivenOptions,
  transport: TokenTransport,
): Promise<TokenService> {
  const { createTokenChain } = await import('./renewal/create-token-chain.js');
  const { client, clock } = given;
  const telemetry = given.telemetry?.client(client) ?? NO_TELEMETRY;
  const options = { ...given, telemetry };
  const reporter = new TokenReporter(client, clock, telemetry);
  const chain = createTokenChain(options, transport, reporter);
  const service = new TokenService(options, chain, reporter);
  telemetry.observe(service.events$, () => service.snapshot());
  return service;
}
