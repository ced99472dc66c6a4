import type { SchedulerLike } from 'rxjs';
import { TokenCallFailure } from '../../portone/token-call.failure.js';
import { elapsed, type Clock, type Instant } from '../../time/clock.js';
import { within } from '../../time/within.js';

/** What is said when a deadline is over. */
export type Lateness = (totalMs: number) => TokenCallFailure;

/** A time budget shared by several `run()` calls; the time between them is free. Past it, `controller` aborts. */
export class Deadline {
  private leftMs: number;
  private runningSince?: Instant;

  constructor(
    private readonly totalMs: number,
    private readonly clock: Clock,
    private readonly scheduler: SchedulerLike,
    private readonly controller: AbortController,
  ) {
    this.leftMs = totalMs;
  }

  /** Whether the time is over, also when no timer has fired yet because the machine was suspended. */
  get isOverdue(): boolean {
    return (
      this.runningSince !== undefined &&
      elapsed(this.clock, this.runningSince) > this.leftMs
    );
  }

  /**
   * Rejects when the signal is aborted, by this deadline or from outside, whatever `work` does. `late` names what was late.
   */
  async run<T>(
    work: (signal: AbortSignal) => Promise<T>,
    late: Lateness = portOneIsLate(),
  ): Promise<T> {
    const { signal } = this.controller;
    signal.throwIfAborted();
    const since = (this.runningSince = this.clock.now());
    const isLate = () => {
      const failure = late(this.totalMs);
      this.controller.abort(failure);
      return failure;
    };
    try {
      return await within(work(signal), this.leftMs, this.scheduler, {
        signal,
        late: isLate,
      });
    } finally {
      // Only the monotonic clock: a jump of the wall clock must not use up the rest of the budget.
      this.leftMs -= this.clock.now().monotonic - since.monotonic;
      this.runningSince = undefined;
    }
  }
}

/** The lateness of a token call to `host`. */
export const portOneIsLate =
  (host?: string): Lateness =>
  (totalMs) =>
    new TokenCallFailure(
      'PORTONE_TOKEN_TIMEOUT',
      `PortOne${host ? ` at ${host}` : ''} did not answer within ${totalMs} ms`,
    );
