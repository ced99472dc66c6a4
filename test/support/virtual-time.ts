import { AsyncResource } from 'node:async_hooks';
import { Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';
import type { Clock } from '../../lib/time/clock.js';

interface Entry {
  readonly due: number;
  readonly run: () => void;
}

/** A clock and an RxJS scheduler, moved by the test alone. Real I/O may happen between two steps. */
export class VirtualTime {
  private ms = 0;
  private skew = 0;
  private entries = new Set<Entry>();

  constructor(private readonly startedAt = Date.UTC(2026, 0, 1)) {}

  /** The host's clocks: monotonic, and a wall clock that may be wrong. */
  readonly clock: Clock = {
    now: () => ({
      monotonic: this.ms,
      wall: this.startedAt + this.ms + this.skew,
    }),
  };

  /** PortOne's clock: always right. */
  readonly trueTime = { now: () => this.startedAt + this.ms };

  /** Sets the host's wall clock wrong by that many ms. */
  skewWallClock(ms: number): void {
    this.skew = ms;
  }

  readonly scheduler: SchedulerLike = {
    now: () => this.startedAt + this.ms,
    schedule: <T>(
      work: (this: SchedulerAction<T>, state?: T) => void,
      delay = 0,
      state?: T,
    ): Subscription => {
      const action = Object.assign(new Subscription(), {
        schedule: (next?: T, after?: number) =>
          this.scheduler.schedule(work, after, next as T),
      }) as SchedulerAction<T>;
      const entry: Entry = {
        due: this.ms + delay,
        // As a timer of Node's does: in the async context in which it was armed, not in that of `advance`.
        run: AsyncResource.bind(() => work.call(action, state)),
      };
      this.entries.add(entry);
      action.add(() => this.entries.delete(entry));
      return action;
    },
  };

  /** Milliseconds until the next timer; undefined when none is armed. */
  get nextDueIn(): number | undefined {
    const dues = [...this.entries].map(({ due }) => due);
    return dues.length === 0 ? undefined : Math.min(...dues) - this.ms;
  }

  /** Moves time on and fires what comes due, in order; `settle` runs after each timer. */
  async advance(
    ms: number,
    settle: () => Promise<unknown> = turn,
  ): Promise<void> {
    const end = this.ms + ms;
    for (;;) {
      const next = [...this.entries]
        .filter(({ due }) => due <= end)
        .sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.ms = Math.max(this.ms, next.due);
      this.entries.delete(next);
      next.run();
      await settle();
    }
    this.ms = end;
    await settle();
  }
}

/** One turn of the event loop, microtasks included. */
export const turn = (): Promise<void> =>
  new Promise((resolve) => setImmediate(resolve));

/** Waits, turn by turn, until real I/O has made a condition true. Throws after 20 s. */
export async function until(condition: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (!condition()) {
    if (performance.now() - startedAt > 20_000)
      throw new Error(`never true: ${condition}`);
    await turn();
  }
}
