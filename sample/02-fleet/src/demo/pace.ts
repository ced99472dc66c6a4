/** 100 times as fast as in an app, so that a minute shows many lives of a token. */
export const PACE = {
  /** Seconds. One of them is not used, because `iat` is cut to whole seconds. */
  accessTokenLifetime: 6,
  /** A share of the lifetime. The rest is long enough for an owner that dies and for its successor. */
  renewAt: 0.25,
  tokenTimeoutMs: 1_000,
  lockMarginMs: 300,
};
