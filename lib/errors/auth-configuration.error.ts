import { PortOneAuthError } from './portone-auth.error.js';

/** One thing that is wrong with a configuration, and where. */
export interface ConfigurationProblem {
  /** The path of the field, such as `renewal.backoff.max`. */
  readonly field: string;
  /** What is wrong and what would be right. Never the value that was given. */
  readonly message: string;
}

/** The configuration or a decorator is wrong; thrown at decoration or at boot, with every bad field in one message. */
export class AuthConfigurationError extends PortOneAuthError {
  readonly code = 'PORTONE_CONFIG_INVALID';
  readonly retryable = false;

  /** @param problems every bad field, and what would be right */
  constructor(readonly problems: readonly ConfigurationProblem[]) {
    super(
      `nestjs-portone-auth is not configured correctly:\n${problems
        .map(({ field, message }) => `  - ${field}: ${message}`)
        .join('\n')}`,
    );
  }
}
