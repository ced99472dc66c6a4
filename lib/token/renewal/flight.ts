import type { SchedulerLike } from 'rxjs';
import type { Clock } from '../../time/clock.js';
import { Deadline } from './deadline.js';
import type { HeldToken } from '../life/held-token.js';

/** The time limits of a flight, in ms. */
export interface FlightLimits {
  /** For the secret, the refresh and the login together, response bodies included. */
  readonly tokenCallsMs: number;
  /** For the whole flight, with the time that the store takes. */
  readonly totalMs: number;
}

/** One renewal, from its start to its end, which several callers may wait for (single flight). */
export class Flight {
  readonly tokenCalls: Deadline;
  readonly total: Deadline;
  /** Resolves with undefined when no token call was made and no newer token was found. */
  readonly promise: Promise<HeldToken | undefined>;
  /** Settles when all work of the flight has ended and its lock in the store is released. */
  landed: Promise<unknown> = Promise.resolve();
  readonly #controller = new AbortController();

  /** `work` starts one microtask later, after the flight is assigned. So if `work` asks for the token itself, it joins this flight. */
  constructor(
    { tokenCallsMs, totalMs }: FlightLimits,
    clock: Clock,
    scheduler: SchedulerLike,
    work: (flight: Flight) => Promise<HeldToken | undefined>,
  ) {
    const deadline = (ms: number) =>
      new Deadline(ms, clock, scheduler, this.#controller);
    this.tokenCalls = deadline(tokenCallsMs);
    this.total = deadline(totalMs);
    this.promise = Promise.resolve(this).then(work);
    // A background renewal has no waiter, so its failure would be an unhandled rejection.
    this.promise.catch(() => undefined);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** When a suspended machine wakes up, the time may be over before the timer fires. */
  get isOverdue(): boolean {
    return this.tokenCalls.isOverdue || this.total.isOverdue;
  }

  abort(reason: Error): void {
    this.#controller.abort(reason);
  }
}
