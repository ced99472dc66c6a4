import type { PortOneAuthError } from '../../errors/index.js';
import type { HeldToken } from './held-token.js';

/**
 * Why a renewal began. `planned`: it was due, or the wait after a failed renewal was over. `forced`: a 401, `invalidate()` or
 * `renew()`. `cold`: there was no usable token.
 */
export type RenewalCause = 'planned' | 'forced' | 'cold';

/** What is known of a renewal, however it ended. */
export interface RenewalFacts {
  /** Why it began. */
  readonly cause: RenewalCause;
  /** From the start of the renewal to its end, in whole milliseconds. */
  readonly durationMs: number;
}

/** Receives what happens in the life of a token, for the log and for events. */
export interface LifeReports {
  committed(
    before: HeldToken | undefined,
    after: HeldToken,
    facts: RenewalFacts,
  ): void;
  failed(
    error: PortOneAuthError,
    consecutiveFailures: number,
    facts: RenewalFacts,
  ): void;
  /** A renewal has succeeded after this many failures in a row. */
  recovered(failures: number): void;
  invalidated(): void;
  /** 401s force no renewal for `pausedForMs`. */
  paused(why: string, pausedForMs: number): void;
}
