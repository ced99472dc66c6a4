import { timer, type SchedulerLike } from 'rxjs';
import { TokenCallFailure } from '../../portone/token-call.failure.js';
import { elapsed, type Clock, type Instant } from '../../time/clock.js';

/** `promise`, or the signal's abort: it ends this wait alone, never the work behind the promise. */
export function abortable<T>(
  promise: Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

/** What is said when a deadline is over. */
export type Lateness = (totalMs: number) => TokenCallFailure;

/** So many ms for several pieces of work together; what lies between them does not count. Past it, `controller` aborts. */
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

  /** Whether the time is over though no timer has said so yet: a machine that was suspended has just thawed. */
  get isOverdue(): boolean {
    return (
      this.runningSince !== undefined &&
      elapsed(this.clock, this.runningSince) > this.leftMs
    );
  }

  /** Rejects when the signal is aborted, by this deadline or by others, whatever `work` does; `late` says who was waited for. */
  async run<T>(
    work: (signal: AbortSignal) => Promise<T>,
    late: Lateness = portOneIsLate(),
  ): Promise<T> {
    const { signal } = this.controller;
    signal.throwIfAborted();
    const since = (this.runningSince = this.clock.now());
    const end = timer(this.leftMs, this.scheduler).subscribe(() =>
      this.controller.abort(late(this.totalMs)),
    );
    try {
      return await abortable(work(signal), signal);
    } finally {
      end.unsubscribe();
      // Monotonic alone: a wall clock that jumps meanwhile must not use up what is left for the next piece.
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
