import type { AuthConfigurationError } from './auth-configuration.error.js';
import type { CredentialsRejectedError } from './credentials-rejected.error.js';
import type {
  PortOneAuthError,
  PortOneAuthErrorCode,
} from './portone-auth.error.js';
import type { TokenUnavailableError } from './token-unavailable.error.js';

const hasCode = (error: unknown, code: PortOneAuthErrorCode): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** By code, so that it holds for an error of a second copy of this package as well. */
export const isTokenUnavailableError = (
  error: unknown,
): error is TokenUnavailableError =>
  hasCode(error, 'PORTONE_TOKEN_UNAVAILABLE');

/** By code, so that it holds for an error of a second copy of this package as well. */
export const isCredentialsRejectedError = (
  error: unknown,
): error is CredentialsRejectedError =>
  hasCode(error, 'PORTONE_CREDENTIALS_REJECTED');

/** By code, so that it holds for an error of a second copy of this package as well. */
export const isAuthConfigurationError = (
  error: unknown,
): error is AuthConfigurationError => hasCode(error, 'PORTONE_CONFIG_INVALID');

/** Any error of this package. */
export const isPortOneAuthError = (error: unknown): error is PortOneAuthError =>
  isTokenUnavailableError(error) ||
  isCredentialsRejectedError(error) ||
  isAuthConfigurationError(error);
