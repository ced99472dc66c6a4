import type {
  PermissionDenialCode,
  PortOneAuthErrorCode,
  TokenFailureReason,
} from '../errors/index.js';

interface EventBase {
  /** The name of the client, `default` when it has none. */
  readonly client: string;
  /** This machine's wall clock, milliseconds since 1970. */
  readonly at: number;
}

/** What happened to a client's token. No event holds a token or a secret. */
export type TokenEvent = EventBase &
  (
    | {
        readonly type: 'acquired' | 'renewed' | 'adopted';
        readonly expiresInMs: number;
      }
    | {
        readonly type: 'renewal-failed';
        readonly reason: TokenFailureReason;
        readonly consecutiveFailures: number;
        readonly retryAfterMs: number;
      }
    | { readonly type: 'invalidated' }
    | { readonly type: 'renewals-paused'; readonly pausedForMs: number }
    | {
        readonly type: 'credentials-rejected';
        readonly code: PortOneAuthErrorCode;
      }
    | {
        readonly type: 'permissions-changed';
        readonly added: readonly string[];
        readonly removed: readonly string[];
      }
    | {
        readonly type: 'permission-denied';
        /** Whose permissions were asked for: our own token's, or those of the caller's. */
        readonly source: 'service' | 'caller';
        /** `Controller.handler`. */
        readonly route: string;
        readonly code: PermissionDenialCode;
        /** Which check failed, in words for people. */
        readonly reason: string;
      }
  );

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown
  ? Omit<T, K>
  : never;

/** An event before the service has put its name and the time on it. */
export type TokenHappening = DistributiveOmit<TokenEvent, keyof EventBase>;
