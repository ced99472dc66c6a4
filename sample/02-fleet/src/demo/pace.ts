/** Times about 100 times as short as in an app, so that a minute shows many renewals. */
export const PACE = {
  /** Seconds. The module uses one less, because `iat` is rounded down to whole seconds. */
  accessTokenLifetime: 6,
  /** A share of the lifetime. The rest is long enough for a second renewal after the owner of the lock was killed in the first. */
  renewAt: 0.25,
  tokenTimeoutMs: 1_000,
  lockMarginMs: 300,
};
