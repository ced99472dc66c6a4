/** A moment on both of this machine's clocks, in milliseconds. */
export interface Instant {
  readonly monotonic: number;
  readonly wall: number;
}

/** Where the token's life gets its time from; replaced in tests. */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = {
  now: () => ({ monotonic: performance.now(), wall: Date.now() }),
};

/**
 * Milliseconds since `since`: the larger of the two clocks, because the monotonic one stands still while a machine is
 * suspended and the wall clock may be set back. Too large a value renews early; too small a value would keep a dead token.
 */
export function elapsed(clock: Clock, since: Instant): number {
  const { monotonic, wall } = passed(clock, since);
  return Math.max(monotonic, wall);
}

/** The smaller of the two clocks: right when the wall clock was set forward, too small after a suspend. */
export function leastElapsed(clock: Clock, since: Instant): number {
  const { monotonic, wall } = passed(clock, since);
  return Math.min(monotonic, wall);
}

function passed(clock: Clock, since: Instant): Instant {
  const now = clock.now();
  return {
    monotonic: now.monotonic - since.monotonic,
    wall: now.wall - since.wall,
  };
}

/** The moment that many milliseconds earlier. */
export const earlier = ({ monotonic, wall }: Instant, ms: number): Instant => ({
  monotonic: monotonic - ms,
  wall: wall - ms,
});
