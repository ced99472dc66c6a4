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

/** In a browser's environment, such as jsdom, a timer is a number. */
export const unref = (timer: Partial<NodeJS.Timeout>): unknown =>
  timer.unref?.();

/**
 * Keeps the process alive until the function it gives is called: without it Node ends when nothing but a promise is left.
 */
export function holdProcess(): () => void {
  const timer = setInterval(() => undefined, MAX_TIMER_MS);
  return () => clearInterval(timer);
}
