import {
  isCredentialsRejectedError,
  isTokenUnavailableError,
  type PortOneAuthErrorCode,
  type TokenFailureReason,
} from '../../errors/index.js';
import type { HeldTokenState } from '../life/held-token.js';
import type { TokenLife } from '../life/token-life.js';

/** `empty` before the first token; `rejected` while PortOne rejects the secret. */
export type TokenState = 'empty' | HeldTokenState | 'rejected';

/**
 * The token's condition now, for health checks and dashboards. Holds no secret. All times in whole milliseconds from now.
 */
export interface TokenSnapshot {
  /** The name of the client, `default` when it has none. */
  readonly client: string;
  /** Whether there is a usable token, and for how long. */
  readonly state: TokenState;
  /** Left out when there is no usable token. */
  readonly expiresInMs?: number;
  /** Until the next planned renewal or attempt; left out when none is planned. */
  readonly renewsInMs?: number;
  /** Renewals that failed since the last one that did not. */
  readonly consecutiveFailures: number;
  /** Why the last renewal failed; left out when it did not. */
  readonly lastErrorCode?: PortOneAuthErrorCode | TokenFailureReason;
  /** Set while renewals forced by 401s are paused. */
  readonly pausedForMs?: number;
  /** Whether the token is shared with other instances through a store. */
  readonly shared: boolean;
  /** True while a store should share the token and cannot be reached or used: this instance goes on alone. */
  readonly sharingLost?: boolean;
  /** Calls sent with our token since the start; replays are not counted. */
  readonly attached: number;
  /** 401s to our token since the start. */
  readonly refused: number;
  /** Replays after a 401 that were accepted, since the start. */
  readonly healed: number;
  /** Replays after a 401 that were refused as well, since the start. */
  readonly unhealed: number;
  /** Callers that wait for a token now. */
  readonly waiting: number;
}

/** What happened to calls with our token since the start. */
export type CallCounters = Pick<
  TokenSnapshot,
  'attached' | 'refused' | 'healed' | 'unhealed'
>;

/** @internal */
export function snapshotOf(
  client: string,
  life: TokenLife,
  counted: Pick<
    TokenSnapshot,
    'shared' | 'sharingLost' | 'waiting' | keyof CallCounters
  >,
): TokenSnapshot {
  const { held, lastError, consecutiveFailures, dueInMs, pausedForMs } = life;
  const isRejected = isCredentialsRejectedError(lastError);
  return {
    client,
    state: isRejected ? 'rejected' : (held?.state ?? 'empty'),
    ...(held?.isUsable && { expiresInMs: Math.ceil(held.expiresInMs) }),
    ...(dueInMs !== undefined && {
      renewsInMs: Math.max(0, Math.ceil(dueInMs)),
    }),
    consecutiveFailures,
    ...(lastError && {
      lastErrorCode: isTokenUnavailableError(lastError)
        ? lastError.reason
        : lastError.code,
    }),
    ...(pausedForMs > 0 && { pausedForMs: Math.ceil(pausedForMs) }),
    ...counted,
  };
}
