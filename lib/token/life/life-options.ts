import type { Clock } from '../../time/clock.js';

/** When a token is renewed, as shares of its lifetime. */
export interface RenewalTiming {
  readonly at: number;
  /** A random part of this share is added to `at`, so that instances do not renew at the same moment. */
  readonly jitter: number;
}

/** Bounds of the wait after a failed renewal, in milliseconds. */
export interface BackoffOptions {
  readonly initial: number;
  readonly max: number;
}

/** What the life of a token depends on. */
export interface LifeOptions {
  /** The name of the client. */
  readonly client: string;
  /** `isDynamic`: another secret may come without a restart. */
  readonly apiSecret: { readonly isDynamic: boolean };
  readonly renewal: RenewalTiming & { readonly backoff: BackoffOptions };
  readonly clock: Clock;
  readonly random: () => number;
}
