import { Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';
import { MAX_TIMER_MS, unref } from './timers.js';

/** An RxJS scheduler over `setTimeout`. Its timers do not keep the process alive; those of `asyncScheduler` do. */
export const unrefScheduler: SchedulerLike = {
  now: () => Date.now(),
  schedule<T>(
    work: (this: SchedulerAction<T>, state?: T) => void,
    delay = 0,
    state?: T,
  ): Subscription {
    let timer: NodeJS.Timeout | undefined;
    const teardown = new Subscription(() => clearTimeout(timer));
    const action: SchedulerAction<T> = Object.assign(teardown, {
      schedule: (next?: T, after = 0) => {
        if (action.closed) return action;
        clearTimeout(timer);
        timer = setTimeout(
          () => work.call(action, next),
          Math.min(after, MAX_TIMER_MS),
        );
        unref(timer);
        return action;
      },
    });
    return action.schedule(state, delay);
  },
};
