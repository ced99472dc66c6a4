import { contextOfNow } from '../../time/async-context.js';
import { holdProcess } from '../../time/timers.js';
import { unrefScheduler } from '../../time/unref-scheduler.js';
import { within } from '../../time/within.js';
import type { Flight } from './flight.js';
import { waitedTooLong } from './renewal-failures.js';
import type { RenewalOptions } from './renewal-options.js';

/** A shutdown gives a background renewal this long to end, and its lock as long again to be released. */
const LANDING_MS = 1_000;

/**
 * The callers that wait for a renewal, each for `tokenTimeout` at most: the renewal may go on longer, behind a lock or a store
 * that hangs. While there are any, a timer keeps the process alive, because a pending promise alone does not.
 */
export class Waiting {
  count = 0;
  readonly #inContext = contextOfNow();
  #release?: () => void;

  constructor(private readonly options: RenewalOptions) {}

  /** `signal` ends this wait only. */
  async for(
    flight: Flight,
    signal?: AbortSignal,
  ): Promise<Awaited<Flight['promise']>> {
    const { tokenTimeout, scheduler, telemetry } = this.options;
    const waited = telemetry.waiting();
    this.count += 1;
    this.#release ??= this.#inContext(holdProcess);
    try {
      // The renewal's own deadline comes first, because it has the better reason.
      return await within(flight.promise, tokenTimeout + 1, scheduler, {
        signal,
        late: () => waitedTooLong(tokenTimeout),
      });
    } finally {
      waited();
      this.count -= 1;
      if (this.count === 0) {
        this.#release?.();
        this.#release = undefined;
      }
    }
  }
}

/**
 * For a shutdown: waits until the promise has settled or the landing time is over, in real time, because a process ends in
 * real time.
 */
export async function settledInTime(promise: Promise<unknown>): Promise<void> {
  const release = holdProcess();
  await within(promise, LANDING_MS, unrefScheduler).catch(() => undefined);
  release();
}
