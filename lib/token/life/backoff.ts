/** Bounds of the wait after a failed renewal, in milliseconds. */
export interface BackoffOptions {
  readonly initial: number;
  readonly max: number;
}

/** The wait after the n-th failure in a row (n from 1), with full jitter above `initial`. */
export function backoffDelay(
  { initial, max }: BackoffOptions,
  failures: number,
  random: () => number,
): number {
  const ceiling = Math.min(max, initial * 2 ** failures);
  return initial + random() * Math.max(0, ceiling - initial);
}
