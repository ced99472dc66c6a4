/** @module nestjs-portone-auth */
export { AuthModule, AuthModule as PortOneAuthModule } from './auth.module.js';
export {
  AuthConfigurationError,
  CredentialsRejectedError,
  isAuthConfigurationError,
  isCredentialsRejectedError,
  isPortOneAuthError,
  isTokenUnavailableError,
  PortOneAuthError,
  TokenUnavailableError,
  TokenUnavailableFilter,
} from './errors/index.js';
export type {
  ConfigurationProblem,
  PermissionDenialCode,
  PortOneAuthErrorCode,
  TokenFailureReason,
} from './errors/index.js';
export {
  getPortOneFetchToken,
  InjectPortOneFetch,
} from './fetch/portone-fetch.token.js';
export type { PortOneFetch } from './fetch/portone-fetch.token.js';
export type {
  PortOneAuthOutcome,
  PortOneAuthRequest,
} from './http/axios-augmentation.js';
export type {} from './http/axios-augmentation.cjs';
export {
  getHttpServiceToken,
  InjectHttpService,
  PortOneHttpService,
} from './http/portone-http.service.js';
export { idempotencyKey } from './call/idempotency-key.js';
export { path } from './call/path.js';
export type { PathValue } from './call/path.js';
export type {
  AuthModuleAsyncOptions,
  AuthModuleExtras,
  AuthModuleSyncOptions,
} from './options/auth-module-definition.js';
export type {
  AuthModuleOptions,
  AuthModuleOptionsFactory,
  BackoffOptions,
  RenewalOptions,
  WebhookSecretOptions,
} from './options/auth-module-options.js';
export type {
  CallerVerificationOptions,
  PermissionsOptions,
} from './options/permissions-options.js';
export type { RequestHeaders } from './permission/caller/caller-token.js';
export { PermissionGuard } from './permission/guard/permission.guard.js';
export type {
  BootCheck,
  PermissionSource,
} from './permission/resolved-permissions.js';
export { PortOneClaims } from './permission/portone-claims.decorator.js';
export type { PortOneClaimPath } from './permission/portone-claims.decorator.js';
export {
  RequirePermission,
  SkipPermissionCheck,
} from './permission/permission.decorators.js';
export type { RequirePermissionOptions } from './permission/permission.decorators.js';
export type {
  AccessTokenClaims,
  MerchantServiceClaims,
} from './portone/jwt-claims.js';
export { allOf, anyOf } from './portone/permission-expression.js';
export type { PermissionExpression } from './portone/permission-expression.js';
export type { PortOnePermission } from './portone/permission-names.js';
export { TokenStore } from './store/token-store.js';
export type {
  RecordStamp,
  RenewalSituation,
  RenewedRecord,
  RenewRecord,
  TokenRecord,
} from './store/token-store.js';
export type { ApiSecret } from './token/renewal/secret-source.js';
export type {
  ClientTelemetry,
  RunRenewal,
  TokenCondition,
  Telemetry,
} from './token/report/telemetry.js';
export type {
  CallReplayed,
  CredentialsRejected,
  PermissionDenied,
  PermissionsChanged,
  RenewalFailed,
  RenewalsPaused,
  TokenEvent,
  TokenEventBase,
  TokenHappening,
  TokenInvalidated,
  TokenRenewed,
} from './token/report/token-events.js';
export {
  getTokenServiceToken,
  InjectTokenService,
} from './token/token-service.token.js';
export { TokenService } from './token/token.service.js';
export type { HeldTokenState, RenewalMethod } from './token/life/held-token.js';
export type { RenewalCause, RenewalFacts } from './token/life/life-reports.js';
export type {
  TokenSnapshot,
  TokenState,
} from './token/report/token-snapshot.js';
export type { RenewalStrategy } from './token/renewal/token-calls.js';
