import type { Clock, Instant } from '../../../lib/time/clock.js';

/** What the design calls elapsed time, in ms, said once more: a reference that borrows from lib would err with it. */
export function elapsed(clock: Clock, since: Instant): number {
  const now = clock.now();
  return Math.max(now.monotonic - since.monotonic, now.wall - since.wall);
}

/** By the smaller of the clocks, which is believed when no other token can be had. */
export function leastElapsed(clock: Clock, since: Instant): number {
  const now = clock.now();
  return Math.min(now.monotonic - since.monotonic, now.wall - since.wall);
}
