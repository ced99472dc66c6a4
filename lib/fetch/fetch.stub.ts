import type { PortOneFetch } from './portone-fetch.token.js';

/** The key of resolved options that holds the fake fetch of `stubPortOne`. With it nothing is sent to PortOne. */
export const FETCH = Symbol('PortOneAuth:Fetch');

/** Options that may come from `stubPortOne`. */
export interface WithFetch {
  readonly [FETCH]?: PortOneFetch;
}
