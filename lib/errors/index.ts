export { AuthConfigurationError } from './auth-configuration.error.js';
export type { ConfigurationProblem } from './auth-configuration.error.js';
export { CredentialsRejectedError } from './credentials-rejected.error.js';
export {
  isAuthConfigurationError,
  isCredentialsRejectedError,
  isPortOneAuthError,
  isTokenUnavailableError,
} from './is-portone-auth-error.js';
export type { PermissionDenialCode } from './permission-denial-code.js';
export { PortOneAuthError } from './portone-auth.error.js';
export type { PortOneAuthErrorCode } from './portone-auth.error.js';
export { TokenUnavailableError } from './token-unavailable.error.js';
export type { TokenFailureReason } from './token-unavailable.error.js';
export {
  retryAfter,
  TOKEN_UNAVAILABLE_TEXT,
  TokenUnavailableFilter,
} from './token-unavailable.filter.js';
