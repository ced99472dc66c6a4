/** The longest delay of `setTimeout`, in ms: with a longer one it fires at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Lets the process end before the timer fires. In a browser environment, such as jsdom, a timer is a number without `unref`. */
export const unref = (timer: Partial<NodeJS.Timeout>): unknown =>
  timer.unref?.();

/** Keeps the process alive until the returned function is called, because a pending promise does not. */
export function holdProcess(): () => void {
  const timer = setInterval(() => undefined, MAX_TIMER_MS);
  return () => clearInterval(timer);
}
