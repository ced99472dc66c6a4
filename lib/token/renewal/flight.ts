import type { SchedulerLike } from 'rxjs';
import type { Clock } from '../../time/clock.js';
import { Deadline } from './deadline.js';
import type { HeldToken } from '../life/held-token.js';

/** What a flight may take at most, in ms. */
export interface FlightLimits {
  /** For secret, refresh, login and bodies together. */
  readonly callsMs: number;
  /** For everything, a store that hangs included. */
  readonly wholeMs: number;
}

/** One renewal under way: how long it may take, and what its callers wait for. */
export class Flight {
  readonly calls: Deadline;
  readonly whole: Deadline;
  /** Resolves with undefined when no token call was made and no newer token was found. */
  readonly promise: Promise<HeldToken | undefined>;
  /** Settles when all work of the flight has ended and its lock in the store is released. */
  landed: Promise<unknown> = Promise.resolve();
  readonly #controller = new AbortController();

  /** `work` starts after the flight is assigned: if it asks for the token itself, it joins this flight. */
  constructor(
    { callsMs, wholeMs }: FlightLimits,
    clock: Clock,
    scheduler: SchedulerLike,
    work: (flight: Flight) => Promise<HeldToken | undefined>,
  ) {
    const deadline = (ms: number) =>
      new Deadline(ms, clock, scheduler, this.#controller);
    this.calls = deadline(callsMs);
    this.whole = deadline(wholeMs);
    this.promise = Promise.resolve(this).then(work);
    // A background renewal has no waiter: this avoids an unhandled rejection.
    this.promise.catch(() => undefined);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** After a suspended machine wakes, its time may be over before its timer fires. */
  get isOverdue(): boolean {
    return this.calls.isOverdue || this.whole.isOverdue;
  }

  abort(reason: Error): void {
    this.#controller.abort(reason);
  }
}
