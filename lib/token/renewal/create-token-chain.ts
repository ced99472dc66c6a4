import {
  PortOneAuthClient,
  type TokenTransport,
} from '../../portone/portone-auth.client.js';
import { TOKEN_CALLS, type WithTokenCalls } from './token-calls.stub.js';
import { OwnPairs } from './own-pairs.js';
import { TokenChain } from './token-chain.js';
import { TokenRenewer } from './token-calls.js';
import { observedCalls } from '../telemetry.js';
import type { TokenReporter } from '../token-reporter.js';
import type { TokenServiceOptions } from '../token-service-options.js';

/** A client's chain, down to the wire. Here JWTs and their validation begin, which no import of the package loads. */
export function createTokenChain(
  options: TokenServiceOptions & WithTokenCalls,
  transport: TokenTransport,
  reporter: TokenReporter,
): TokenChain {
  const { clock, renewal, store, telemetry } = options;
  const calls = options[TOKEN_CALLS] ?? new PortOneAuthClient(transport);
  const renewer = new TokenRenewer(
    observedCalls(calls, telemetry),
    clock,
    renewal.strategy,
    (message) => reporter.warn(message),
  );
  const pairs = new OwnPairs(renewer, clock, (message) =>
    reporter.warn(message),
  );
  const { origin } = new URL(transport.baseURL);
  return new TokenChain(store, pairs, origin, clock, reporter);
}
