import { contextOfNow } from '../../time/async-context.js';
import { holdProcess, unrefScheduler } from '../../time/unref-scheduler.js';
import { within } from '../../time/within.js';
import type { Flight } from './flight.js';

/** A shutdown gives a background renewal this long to end, and its lock as long again to be released. */
const LANDING_MS = 1_000;

/** The callers that wait for a renewal. A promise alone does not keep a process alive, so they do. */
export class Waiting {
  count = 0;
  readonly #inContext = contextOfNow();
  #release?: () => void;

  async for(flight: Flight): Promise<Awaited<Flight['promise']>> {
    flight.waiting += 1;
    this.count += 1;
    this.#release ??= this.#inContext(holdProcess);
    try {
      return await flight.promise;
    } finally {
      flight.waiting -= 1;
      this.count -= 1;
      if (this.count === 0) {
        this.#release?.();
        this.#release = undefined;
      }
    }
  }
}

/** At a shutdown: until the promise has settled, or the landing time is over. In real time, as a process ends in it. */
export async function settledInTime(promise: Promise<unknown>): Promise<void> {
  const release = holdProcess();
  await within(promise, LANDING_MS, unrefScheduler).catch(() => undefined);
  release();
}
