import type {
  PermissionDenialCode,
  PortOneAuthErrorCode,
  TokenFailureReason,
} from '../errors/index.js';
import type { RenewalMethod } from './life/held-token.js';

interface EventBase {
  /** The name of the client, `default` when it has none. */
  readonly client: string;
  /** This machine's wall clock, milliseconds since 1970. */
  readonly at: number;
}

/**
 * Why a renewal began. `planned`: the token's time had come, or an attempt after a failure. `forced`: a 401, `invalidate()`
 * or `renew()`. `cold`: there was no usable token.
 */
export type RenewalCause = 'planned' | 'forced' | 'cold';

/** What is known of a renewal, however it ended. */
export interface RenewalFacts {
  readonly cause: RenewalCause;
  /** From the start of the renewal to its end, in whole milliseconds. */
  readonly durationMs: number;
}

/** What happened to a client's token. No event holds a token or a secret. */
export type TokenEvent = EventBase &
  (
    | ({
        readonly type: 'acquired' | 'renewed' | 'adopted';
        readonly expiresInMs: number;
        readonly method: RenewalMethod;
      } & RenewalFacts)
    | ({
        readonly type: 'renewal-failed';
        readonly reason: TokenFailureReason;
        readonly consecutiveFailures: number;
        readonly retryAfterMs: number;
      } & RenewalFacts)
    | { readonly type: 'invalidated' }
    /** The first replay with a new token that was accepted, and the first one that was refused as well. */
    | { readonly type: 'replayed'; readonly outcome: 'healed' | 'unhealed' }
    | { readonly type: 'renewals-paused'; readonly pausedForMs: number }
    /** PortOne rejects the API secret, or accepts it as one of another merchant or store. */
    | ({
        readonly type: 'credentials-rejected';
        readonly code: PortOneAuthErrorCode;
      } & RenewalFacts)
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
