/** Everything 100 times as fast as an app would have it, so that many lives of a token are seen in a minute. */
export const PACE = {
  /** Seconds; a second of it is not used, because `iat` is cut to whole ones. */
  accessTokenLifetime: 6,
  /** A share of the lifetime: leaves room in it for an owner that dies and one that takes over. */
  renewAt: 0.25,
  tokenTimeoutMs: 1_000,
  lockMarginMs: 300,
};
