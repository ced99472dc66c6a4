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

/** This client has a new token. */
export interface TokenRenewed extends RenewalFacts {
  /** `adopted`: another instance obtained it. Otherwise `acquired` for the first token, `renewed` for a later one. */
  readonly type: 'acquired' | 'renewed' | 'adopted';
  /** Milliseconds until it is no longer handed out. */
  readonly expiresInMs: number;
  /** How it was obtained: by a token call, or from the store. */
  readonly method: RenewalMethod;
}

/** A renewal failed; it will be tried again. */
export interface RenewalFailed extends RenewalFacts {
  /** Always this. */
  readonly type: 'renewal-failed';
  /** Why. */
  readonly reason: TokenFailureReason;
  /** Failed renewals in a row, this one included. */
  readonly consecutiveFailures: number;
  /** Milliseconds until the next attempt. */
  readonly retryAfterMs: number;
}

/** PortOne rejects the API secret, or the secret belongs to another merchant or store. */
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

/** A call was replayed with a new token. Emitted once for each token and outcome. */
export interface CallReplayed {
  /** Always this. */
  readonly type: 'replayed';
  /** `healed`: the replay was accepted. `unhealed`: it was refused too. */
  readonly outcome: 'healed' | 'unhealed';
}

/** For a while 401s force no renewal, because a renewal did not help or there were too many. */
export interface RenewalsPaused {
  /** Always this. */
  readonly type: 'renewals-paused';
  /** The length of the pause, in milliseconds. */
  readonly pausedForMs: number;
}

/** A new token has other permissions than the one before. */
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
  /** Whose token the guard checked: our own (`service`) or that of the caller (`caller`). */
  readonly source: 'service' | 'caller';
  /** `Controller.handler`. */
  readonly route: string;
  /** The `code` in the body of the answer. */
  readonly code: PermissionDenialCode;
  /** Which check failed, as text for people. */
  readonly reason: string;
}

/** An event without the name of the client and the time. */
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
