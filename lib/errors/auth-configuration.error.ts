import { PortOneAuthError } from './portone-auth.error.js';

/** One thing that is wrong with a configuration, and where. */
export interface ConfigurationProblem {
  /** The path of the field, such as `renewal.backoff.max`. */
  readonly field: string;
  /** What is wrong and what is allowed. Never contains the given value. */
  readonly message: string;
}

/** The configuration or a decorator is wrong. Thrown at decoration or at boot; one message names every wrong field. */
export class AuthConfigurationError extends PortOneAuthError {
  readonly code = 'PORTONE_CONFIG_INVALID';
  readonly retryable = false;

  /** @param problems every wrong field, and what is allowed */
  constructor(readonly problems: readonly ConfigurationProblem[]) {
    super(
      `nestjs-portone-auth is not configured correctly:\n${problems
        .map(({ field, message }) => `  - ${field}: ${message}`)
        .join('\n')}`,
    );
  }
}
