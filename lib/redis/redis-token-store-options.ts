import {
  AuthConfigurationError,
  type ConfigurationProblem,
} from '../errors/index.js';
import { LOCK_MARGIN_MS } from '../store/token-store.js';

/** How a {@link RedisTokenStore} names its keys and how patient it is with other instances. */
export interface RedisTokenStoreOptions {
  /** Before every key; no braces, which choose a cluster's slot. Default `nestjs-portone-auth:`. */
  readonly prefix?: string;
  /** While another instance renews, the store looks again after about this time, in ms. Default 100. */
  readonly pollMs?: number;
  /** A lock lives this much longer than the renewal's timeout, in ms; then the lock of an owner that crashed is free. Default 5,000. */
  readonly lockMarginMs?: number;
}

/** The options with their defaults. Throws {@link AuthConfigurationError} with every bad field. */
export function resolveRedisOptions(
  options: RedisTokenStoreOptions,
): Required<RedisTokenStoreOptions> {
  const { prefix = 'nestjs-portone-auth:', pollMs = 100 } = options;
  const { lockMarginMs = LOCK_MARGIN_MS } = options;
  const problems: ConfigurationProblem[] = [];
  if (typeof prefix !== 'string' || /[{}]/.test(prefix)) {
    const message = 'must be a string without braces';
    problems.push({ field: 'prefix', message });
  }
  for (const [field, ms] of Object.entries({ pollMs, lockMarginMs })) {
    if (!Number.isFinite(ms) || ms <= 0) {
      const message = 'must be a number of milliseconds above 0';
      problems.push({ field, message });
    }
  }
  if (problems.length > 0) throw new AuthConfigurationError(problems);
  return { prefix, pollMs, lockMarginMs };
}
