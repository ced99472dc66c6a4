import type { Clock, Instant } from '../../../lib/time/clock.js';

/** Elapsed time in ms, as the design defines it. Written again here: with the function of lib, the model would repeat its faults. */
export function elapsed(clock: Clock, since: Instant): number {
  const now = clock.now();
  return Math.max(now.monotonic - since.monotonic, now.wall - since.wall);
}

/** Elapsed time by the clock that shows less. It decides when no other token is available. */
export function leastElapsed(clock: Clock, since: Instant): number {
  const now = clock.now();
  return Math.min(now.monotonic - since.monotonic, now.wall - since.wall);
}
