import type { SchedulerLike } from 'rxjs';
import type { Clock } from './clock.js';
import { Deadline } from './deadline.js';
import type { ChainedToken } from './held-token.js';

/** What a store may take beside the token calls: as long again for another instance's renewal, and its lock's margin. */
const STORE_MARGIN_MS = 5_000;

/** Whether a renewal began because a token had been refused, or for any other reason. */
export type RenewalCause = 'planned' | 'forced';

/** A token as one of those who waited for it sees it. */
export interface RenewedToken extends ChainedToken {
  /** Nobody's refusal began the renewal, so it may have been answered before the waiter's token was refused. */
  readonly mayBeEarlier: boolean;
}

interface FlightPlan {
  readonly cause: RenewalCause;
  /** It makes no call, for it begins during a backoff: it only looks for what another instance has obtained. */
  readonly isLook: boolean;
  /** In ms, for the token calls. */
  readonly tokenTimeout: number;
  readonly clock: Clock;
  readonly scheduler: SchedulerLike;
}

/** One renewal under way: what began it, how long it may take, and what everybody else waits for. */
export class Flight {
  readonly cause: RenewalCause;
  readonly isLook: boolean;
  /** For secret, refresh, login and bodies together. */
  readonly calls: Deadline;
  /** For everything, a store that hangs included. */
  readonly whole: Deadline;
  readonly promise: Promise<RenewedToken>;
  /** Settles when nothing of the flight is left, a lock in the store included. */
  landed: Promise<unknown> = Promise.resolve();
  readonly #controller = new AbortController();

  /** `work` runs once the flight is known: whatever it touches may ask for the token again, and joins. */
  constructor(
    { cause, isLook, tokenTimeout, clock, scheduler }: FlightPlan,
    work: (flight: Flight) => Promise<RenewedToken>,
  ) {
    const deadline = (ms: number) =>
      new Deadline(ms, clock, scheduler, this.#controller);
    this.cause = cause;
    this.isLook = isLook;
    this.calls = deadline(tokenTimeout);
    this.whole = deadline(2 * tokenTimeout + STORE_MARGIN_MS);
    this.promise = Promise.resolve(this).then(work);
    // Those who wait observe their own copy; when none is left nobody else would.
    this.promise.catch(() => undefined);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** After a thaw it may be long past its time while its timer has yet to fire. */
  get isOverdue(): boolean {
    return this.calls.isOverdue || this.whole.isOverdue;
  }

  abort(reason: Error): void {
    this.#controller.abort(reason);
  }
}
