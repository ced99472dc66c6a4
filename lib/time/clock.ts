/** A moment on both of this machine's clocks, in milliseconds. */
export interface Instant {
  readonly monotonic: number;
  readonly wall: number;
}

/** Gives the time to everything that measures it; replaced in tests. */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = {
  now: () => ({ monotonic: performance.now(), wall: Date.now() }),
};

/**
 * Milliseconds since `since`, by the clock that shows more: the monotonic clock stops while a machine is suspended, and the
 * wall clock may be set back. Too large a value only renews early; too small a value would keep an expired token.
 */
export function elapsed(clock: Clock, since: Instant): number {
  const { monotonic, wall } = timeSince(clock, since);
  return Math.max(monotonic, wall);
}

/** Milliseconds by the clock that shows less: right when the wall clock was set forward, too small after a suspend. */
export function leastElapsed(clock: Clock, since: Instant): number {
  const { monotonic, wall } = timeSince(clock, since);
  return Math.min(monotonic, wall);
}

function timeSince(clock: Clock, since: Instant): Instant {
  const now = clock.now();
  return {
    monotonic: now.monotonic - since.monotonic,
    wall: now.wall - since.wall,
  };
}

/** The moment `ms` milliseconds earlier. */
export const earlier = ({ monotonic, wall }: Instant, ms: number): Instant => ({
  monotonic: monotonic - ms,
  wall: wall - ms,
});
