/** `setTimeout` fires at once beyond this. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

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
