import type { SchedulerLike } from 'rxjs';
import type { Clock } from '../../time/clock.js';
import { Deadline } from './deadline.js';
import type { HeldToken } from '../life/held-token.js';

/** One renewal under way: how long it may take, and what everybody else waits for. */
export class Flight {
  /** For secret, refresh, login and bodies together. */
  readonly calls: Deadline;
  /** For everything, a store that hangs included. */
  readonly whole: Deadline;
  readonly promise: Promise<HeldToken>;
  /** Its token call was sent after PortOne had refused the held token. */
  isCure = false;
  /** Settles when nothing of the flight is left, a lock in the store included. */
  landed: Promise<unknown> = Promise.resolve();
  readonly #controller = new AbortController();

  /** `work` starts once the flight is known: whatever it touches may ask for the token again, and joins. */
  constructor(
    tokenTimeout: number,
    lockMarginMs: number,
    clock: Clock,
    scheduler: SchedulerLike,
    work: (flight: Flight) => Promise<HeldToken>,
  ) {
    const deadline = (ms: number) =>
      new Deadline(ms, clock, scheduler, this.#controller);
    this.calls = deadline(tokenTimeout);
    // The store may wait first, for as long as another instance may hold its lock.
    this.whole = deadline(2 * tokenTimeout + lockMarginMs);
    this.promise = Promise.resolve(this).then(work);
    // A background renewal has nobody waiting: its rejection must not be unhandled.
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
