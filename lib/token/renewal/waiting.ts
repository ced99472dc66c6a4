import { contextOfNow } from '../../time/async-context.js';
import { holdProcess } from '../../time/timers.js';
import { unrefScheduler } from '../../time/unref-scheduler.js';
import { within } from '../../time/within.js';
import type { Flight } from './flight.js';
import { waitedTooLong } from './renewal-failures.js';
import type { RenewalOptions } from './renewal-options.js';

/** A shutdown waits this long for a background renewal to end, and as long again for its lock to be released. */
const LANDING_MS = 1_000;

/**
 * The callers that wait for a renewal. Each waits at most `tokenTimeout`; the renewal itself may take longer, because of a
 * lock or a store that hangs. While a caller waits, a timer keeps the process alive, because a pending promise does not.
 */
export class Waiting {
  count = 0;
  readonly #inContext = contextOfNow();
  #release?: () => void;

  constructor(private readonly options: RenewalOptions) {}

  /** `signal` ends only this caller's wait. */
  async for(
    flight: Flight,
    signal?: AbortSignal,
  ): Promise<Awaited<Flight['promise']>> {
    const { tokenTimeout, scheduler, telemetry } = this.options;
    const waited = telemetry.waiting();
    this.count += 1;
    this.#release ??= this.#inContext(holdProcess);
    try {
      // 1 ms more, so that the deadline of the renewal comes first: its error says more.
      return await within(flight.promise, tokenTimeout + 1, scheduler, {
        signal,
        onTimeout: () => waitedTooLong(tokenTimeout),
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

/** For a shutdown: waits until the promise settles, at most {@link LANDING_MS}, in real time, because a process ends in real time. */
export async function settledInTime(promise: Promise<unknown>): Promise<void> {
  const release = holdProcess();
  await within(promise, LANDING_MS, unrefScheduler).catch(() => undefined);
  release();
}
