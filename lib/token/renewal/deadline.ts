import type { SchedulerLike } from 'rxjs';
import { TokenCallFailure } from '../../portone/token-call.failure.js';
import { elapsed, type Clock, type Instant } from '../../time/clock.js';
import { within } from '../../time/within.js';

/** Makes the failure of a deadline that is over. */
export type TimeoutFailure = (totalMs: number) => TokenCallFailure;

/** A time budget that several `run()` calls share; the time between the calls is not counted. When it is used up, `controller` aborts. */
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

  /** Whether the time is over, even if no timer has fired yet because the machine was suspended. */
  get isOverdue(): boolean {
    return (
      this.runningSince !== undefined &&
      elapsed(this.clock, this.runningSince) > this.leftMs
    );
  }

  /**
   * Rejects with the failure of `timedOut` when the time is over, or with the reason when the signal is aborted from outside,
   * even if `work` does not end.
   */
  async run<T>(
    work: (signal: AbortSignal) => Promise<T>,
    timedOut: TimeoutFailure = portOneTimedOut(),
  ): Promise<T> {
    const { signal } = this.controller;
    signal.throwIfAborted();
    const since = (this.runningSince = this.clock.now());
    const onTimeout = () => {
      const failure = timedOut(this.totalMs);
      this.controller.abort(failure);
      return failure;
    };
    try {
      return await within(work(signal), this.leftMs, this.scheduler, {
        signal,
        onTimeout,
      });
    } finally {
      // Only the monotonic clock: a jump of the wall clock must not use up the rest of the budget.
      this.leftMs -= this.clock.now().monotonic - since.monotonic;
      this.runningSince = undefined;
    }
  }
}

/** The failure of a token call to `host` that took too long. */
export const portOneTimedOut =
  (host?: string): TimeoutFailure =>
  (totalMs) =>
    new TokenCallFailure(
      'PORTONE_TOKEN_TIMEOUT',
      `PortOne${host ? ` at ${host}` : ''} did not answer within ${totalMs} ms`,
    );
