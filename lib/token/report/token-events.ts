import type {
  PermissionDenialCode,
  PortOneAuthErrorCode,
  TokenFailureReason,
} from '../../errors/index.js';
import type { RenewalMethod } from '../life/held-token.js';
import type { RenewalFacts } from '../life/life-reports.js';

/** The fields of every event. */
export interface TokenEventBase {
  /** The name of the client, `default` when it has none. */
  readonly client: string;
  /** This machine's wall clock, milliseconds since 1970. */
  readonly at: number;
}

/** There is a new token. */
export interface TokenRenewed extends RenewalFacts {
  /** `acquired`: the first one. `adopted`: another instance got it. `renewed`: every other. */
  readonly type: 'acquired' | 'renewed' | 'adopted';
  /** Milliseconds until its end. */
  readonly expiresInMs: number;
  /** How it was got: by a token call, or from the store. */
  readonly method: RenewalMethod;
}

/** No token was got; it is tried again. */
export interface RenewalFailed extends RenewalFacts {
  /** Always this. */
  readonly type: 'renewal-failed';
  /** Why. */
  readonly reason: TokenFailureReason;
  /** How many in a row, this one counted. */
  readonly consecutiveFailures: number;
  /** Milliseconds until the next attempt. */
  readonly retryAfterMs: number;
}

/** PortOne rejects the API secret, or accepts it as one of another merchant or store. */
export interface CredentialsRejected extends RenewalFacts {
  /** Always this. */
  readonly type: 'credentials-rejected';
  /** `PORTONE_CREDENTIALS_REJECTED`. */
  readonly code: PortOneAuthErrorCode;
}

/** `invalidate()` discarded the token. */
export interface TokenInvalidated {
  /** Always this. */
  readonly type: 'invalidated';
}

/** The first replay with a new token that was accepted, and the first one that was refused as well. */
export interface CallReplayed {
  /** Always this. */
  readonly type: 'replayed';
  /** `healed`: accepted. `unhealed`: refused as well. */
  readonly outcome: 'healed' | 'unhealed';
}

/** 401s force no renewal for a while, because a renewal did not help or there were too many. */
export interface RenewalsPaused {
  /** Always this. */
  readonly type: 'renewals-paused';
  /** Milliseconds. */
  readonly pausedForMs: number;
}

/** A new token may do something else than the one before. */
export interface PermissionsChanged {
  /** Always this. */
  readonly type: 'permissions-changed';
  /** Permissions that only the new token has. */
  readonly added: readonly string[];
  /** Permissions that only the old token had. */
  readonly removed: readonly string[];
}

/** A guard denied a request. */
export interface PermissionDenied {
  /** Always this. */
  readonly type: 'permission-denied';
  /** Whose permissions were asked for: our own token's, or those of the caller's. */
  readonly source: 'service' | 'caller';
  /** `Controller.handler`. */
  readonly route: string;
  /** In the body that the caller got. */
  readonly code: PermissionDenialCode;
  /** Which check failed, in words for people. */
  readonly reason: string;
}

/** An event before the service has put its name and the time on it. */
export type TokenHappening =
  | TokenRenewed
  | RenewalFailed
  | CredentialsRejected
  | TokenInvalidated
  | CallReplayed
  | RenewalsPaused
  | PermissionsChanged
  | PermissionDenied;

/** What happened to a client's token. No event holds a token or a secret. */
export type TokenEvent = TokenEventBase & TokenHappening;
