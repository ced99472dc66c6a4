import type { Observable } from 'rxjs';
import {
  isPortOneAuthError,
  isTokenUnavailableError,
  type AccessTokenClaims,
  type PortOneAuthErrorCode,
  type TokenEvent,
  type TokenFailureReason,
  type TokenService,
  type TokenSnapshot,
  type TokenState,
} from 'nestjs-portone-auth';
import { expectType, type Same } from './expect-type.js';

type Of<K extends keyof TokenService> = TokenService[K] extends (
  ...args: never[]
) => infer R
  ? R
  : TokenService[K];

expectType<Same<Of<'getAccessToken'>, Promise<string>>>();
expectType<Same<Of<'peekAccessToken'>, string | undefined>>();
expectType<Same<Of<'getClaims'>, Promise<AccessTokenClaims>>>();
expectType<Same<Of<'hasPermission'>, boolean>>();
expectType<Same<Of<'missingPermissions'>, string[]>>();
expectType<Same<Of<'renew'>, Promise<void>>>();
expectType<Same<Of<'invalidate'>, void>>();
expectType<Same<Of<'snapshot'>, TokenSnapshot>>();
expectType<Same<Of<'events$'>, Observable<TokenEvent>>>();
expectType<
  Same<TokenState, 'empty' | 'fresh' | 'stale' | 'expired' | 'rejected'>
>();

/** The `type` of an event tells its kind, and each kind has its own fields. */
export function describe(event: TokenEvent): string | number {
  switch (event.type) {
    case 'acquired':
    case 'renewed':
    case 'adopted':
      return event.expiresInMs;
    case 'renewal-failed':
      return event.reason;
    case 'renewals-paused':
      return event.pausedForMs;
    case 'permissions-changed':
      return event.added.length;
    default:
      // @ts-expect-error: an invalidation has no lifetime
      return event.expiresInMs;
  }
}

declare const error: unknown;
if (isTokenUnavailableError(error)) {
  expectType<Same<typeof error.reason, TokenFailureReason>>();
  expectType<Same<typeof error.retryAfterMs, number>>();
}
if (isPortOneAuthError(error)) {
  expectType<Same<typeof error.code, PortOneAuthErrorCode>>();
  expectType<Same<typeof error.retryable, boolean>>();
}
