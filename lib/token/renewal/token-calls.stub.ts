import type { PortOneAuthClient } from '../../portone/portone-auth.client.js';

/** The key under which resolved options carry the token calls of `stubPortOne`, which replace those to PortOne. */
export const TOKEN_CALLS = Symbol('PortOneAuth:TokenCalls');

/** Options that may come from `stubPortOne`. */
export interface WithTokenCalls {
  readonly [TOKEN_CALLS]?: PortOneAuthClient;
}
