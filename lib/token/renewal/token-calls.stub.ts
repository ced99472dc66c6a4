import type { PortOneAuthClient } from '../../portone/portone-auth.client.js';

/** Where resolved options carry the token calls that `stubPortOne` makes up, so that nothing asks PortOne. */
export const TOKEN_CALLS = Symbol('PortOneAuth:TokenCalls');

/** Options that may come from `stubPortOne`. */
export interface WithTokenCalls {
  readonly [TOKEN_CALLS]?: PortOneAuthClient;
}
