import type { PortOneFetch } from './portone-fetch.token.js';

/** Where resolved options carry the fetch that `stubPortOne` makes up, so that nothing is sent to PortOne. */
export const FETCH = Symbol('PortOneAuth:Fetch');

/** Options that may come from `stubPortOne`. */
export interface WithFetch {
  readonly [FETCH]?: PortOneFetch;
}
