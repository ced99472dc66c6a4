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
 * suspended and the wall clock may be set back. Too much only means an early renewal; too little would mean a dead token.
 */
export function elapsed(clock: Clock, since: Instant): number {
  const now = clock.now();
  return Math.max(now.monotonic - since.monotonic, now.wall - since.wall);
}

/** The moment that many milliseconds earlier. */
export const earlier = ({ monotonic, wall }: Instant, ms: number): Instant => ({
  monotonic: monotonic - ms,
  wall: wall - ms,
});
