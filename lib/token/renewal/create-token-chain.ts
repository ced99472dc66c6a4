import {
  PortOneAuthClient,
  type TokenTransport,
} from '../../portone/portone-auth.client.js';
import { TOKEN_CALLS, type WithTokenCalls } from './token-calls.stub.js';
import { OwnPairs } from './own-pairs.js';
import type { RenewalOptions } from './renewal-options.js';
import { observedCalls, TokenRenewer } from './token-calls.js';
import { TokenChain, type ChainReports } from './token-chain.js';

/** Builds a client's chain with all its parts. This file is imported on demand, so that importing the package does not load jose. */
export function createTokenChain(
  options: RenewalOptions & WithTokenCalls,
  transport: TokenTransport,
  reports: ChainReports,
): TokenChain {
  const { clock, renewal, store, telemetry } = options;
  const warn = (message: string) => reports.warn(message);
  const calls = options[TOKEN_CALLS] ?? new PortOneAuthClient(transport);
  const renewer = new TokenRenewer(
    observedCalls(calls, telemetry),
    clock,
    renewal.strategy,
    warn,
  );
  const pairs = new OwnPairs(renewer, clock, warn);
  const { origin } = new URL(transport.baseURL);
  return new TokenChain(store, pairs, origin, clock, reports);
}
