import {
  AuthConfigurationError,
  type ConfigurationProblem,
} from '../errors/index.js';
import { unknownFields } from '../errors/unknown-fields.js';
import { LOCK_MARGIN_MS } from '../store/token-store.js';

/** How a {@link RedisTokenStore} names its keys, and how long it waits for other instances. */
export interface RedisTokenStoreOptions {
  /** Put before every key. No braces, because braces choose the slot of a cluster. Default `nestjs-portone-auth:`. */
  readonly prefix?: string;
  /** While another instance renews, the store looks again after about this time, in ms. Default 100. */
  readonly pollMs?: number;
  /** A lock lasts this much longer than the renewal's timeout, in ms. After that, the lock of a crashed instance is free. Default 5,000. */
  readonly lockMarginMs?: number;
}

const KNOWN = ['prefix', 'pollMs', 'lockMarginMs'];

/** The options with their defaults. Throws {@link AuthConfigurationError} with every bad field. */
export function resolveRedisOptions(
  options: RedisTokenStoreOptions,
): Required<RedisTokenStoreOptions> {
  if (typeof options !== 'object' || options === null)
    throw new AuthConfigurationError([
      { field: 'options', message: 'must be an object' },
    ]);
  const { prefix = 'nestjs-portone-auth:', pollMs = 100 } = options;
  const { lockMarginMs = LOCK_MARGIN_MS } = options;
  const problems: ConfigurationProblem[] = unknownFields(options, KNOWN);
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
