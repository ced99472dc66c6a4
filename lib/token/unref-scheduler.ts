import { Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';

/** `setTimeout` fires at once beyond this. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** An RxJS scheduler over `setTimeout` whose timers never keep the process alive, as those of `asyncScheduler` do. */
export const unrefScheduler: SchedulerLike = {
  now: () => Date.now(),
  schedule<T>(
    work: (this: SchedulerAction<T>, state?: T) => void,
    delay = 0,
    state?: T,
  ): Subscription {
    const action = Object.assign(new Subscription(), {
      schedule: (next?: T, after?: number) => {
        const again = unrefScheduler.schedule(work, after, next);
        action.add(again);
        return again;
      },
    }) as SchedulerAction<T>;
    const timer = setTimeout(
      () => work.call(action, state),
      Math.min(delay, MAX_TIMER_MS),
    );
    timer.unref();
    action.add(() => clearTimeout(timer));
    return action;
  },
};
