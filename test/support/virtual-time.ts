import { AsyncResource } from 'node:async_hooks';
import { Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';
import type { Clock } from '../../lib/time/clock.js';

interface Entry {
  readonly due: number;
  readonly run: () => void;
}

/** A clock and an RxJS scheduler that only the test moves forward. Real I/O may happen between two steps. */
export class VirtualTime {
  private ms = 0;
  private skew = 0;
  private entries = new Set<Entry>();

  constructor(private readonly startedAt = Date.UTC(2026, 0, 1)) {}

  /** The clocks of the host: a monotonic clock, and a wall clock that may be wrong. */
  readonly clock: Clock = {
    now: () => ({
      monotonic: this.ms,
      wall: this.startedAt + this.ms + this.skew,
    }),
  };

  /** PortOne's clock, which is always right. */
  readonly trueTime = { now: () => this.startedAt + this.ms };

  /** Makes the host's wall clock wrong by `ms`. */
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
        // Like a timer of Node, it runs in the async context in which it was set, not in the context of `advance`.
        run: AsyncResource.bind(() => work.call(action, state)),
      };
      this.entries.add(entry);
      action.add(() => this.entries.delete(entry));
      return action;
    },
  };

  /** Milliseconds until the next timer; undefined when no timer is set. */
  get nextDueIn(): number | undefined {
    const dues = [...this.entries].map(({ due }) => due);
    return dues.length === 0 ? undefined : Math.min(...dues) - this.ms;
  }

  /** Moves time forward and runs the timers that become due, in order. `settle` runs after each timer. */
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

/** Waits for one turn of the event loop, including its microtasks. */
export const turn = (): Promise<void> =>
  new Promise((resolve) => setImmediate(resolve));

/** Waits until real I/O has made a condition true; checks it in every turn of the event loop. Throws after 20 s. */
export async function until(condition: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (!condition()) {
    if (performance.now() - startedAt > 20_000)
      throw new Error(`not true within 20 s: ${condition}`);
    await turn();
  }
}
