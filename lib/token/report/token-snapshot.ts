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

/** The state of the token now, for health checks and dashboards. Holds no secret. All times are whole milliseconds from now. */
export interface TokenSnapshot {
  /** The name of the client, `default` when it has none. */
  readonly client: string;
  /** Whether there is a usable token, and whether its renewal is due. */
  readonly state: TokenState;
  /** Until the token is no longer handed out; left out when there is no usable token. */
  readonly expiresInMs?: number;
  /** Until the next planned renewal or attempt; left out when none is planned. */
  readonly renewsInMs?: number;
  /** Renewals that have failed since the last one that succeeded. */
  readonly consecutiveFailures: number;
  /** Why the last renewal failed; left out when it succeeded. */
  readonly lastErrorCode?: PortOneAuthErrorCode | TokenFailureReason;
  /** What is left of a pause in which 401s force no renewal; left out when there is no pause. */
  readonly pausedForMs?: number;
  /** Whether the token is shared with other instances through a store. */
  readonly shared: boolean;
  /** True while the store that should share the token cannot be reached or used. Then this instance renews alone. */
  readonly sharingLost?: boolean;
  /** Calls sent with our token since the start, without replays. */
  readonly attached: number;
  /** 401s to calls with our token since the start. */
  readonly refused: number;
  /** Replays after a 401 that were accepted, since the start. */
  readonly healed: number;
  /** Replays after a 401 that were refused too, since the start. */
  readonly unhealed: number;
  /** Callers that are waiting for a token. */
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
