import type { AuthConfigurationError } from './auth-configuration.error.js';
import type { CredentialsRejectedError } from './credentials-rejected.error.js';
import type {
  PortOneAuthError,
  PortOneAuthErrorCode,
} from './portone-auth.error.js';
import type { TokenUnavailableError } from './token-unavailable.error.js';

const hasCode = (error: unknown, code: PortOneAuthErrorCode): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** Whether an error is a {@link TokenUnavailableError}. Compares the code, so it also knows errors of another copy of this package. */
export const isTokenUnavailableError = (
  error: unknown,
): error is TokenUnavailableError =>
  hasCode(error, 'PORTONE_TOKEN_UNAVAILABLE');

/** Whether an error is a {@link CredentialsRejectedError}. Compares the code, so it also knows errors of another copy of this package. */
export const isCredentialsRejectedError = (
  error: unknown,
): error is CredentialsRejectedError =>
  hasCode(error, 'PORTONE_CREDENTIALS_REJECTED');

/** Whether an error is an {@link AuthConfigurationError}. Compares the code, so it also knows errors of another copy of this package. */
export const isAuthConfigurationError = (
  error: unknown,
): error is AuthConfigurationError => hasCode(error, 'PORTONE_CONFIG_INVALID');

/** Whether an error is one of this package. */
export const isPortOneAuthError = (error: unknown): error is PortOneAuthError =>
  isTokenUnavailableError(error) ||
  isCredentialsRejectedError(error) ||
  isAuthConfigurationError(error);
