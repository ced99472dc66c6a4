import {
  PortOneAuthClient,
  type TokenTransport,
} from '../../portone/portone-auth.client.js';
import { TOKEN_CALLS, type WithTokenCalls } from './token-calls.stub.js';
import { OwnPairs } from './own-pairs.js';
import type { RenewalOptions } from './renewal-options.js';
import { observedCalls, TokenRenewer } from './token-calls.js';
import { TokenChain, type ChainReports } from './token-chain.js';

/** A client's chain, down to the wire. Here JWTs and their validation begin, which no import of the package loads. */
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
