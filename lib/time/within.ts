import { timer, type SchedulerLike } from 'rxjs';

/**
 * `promise`, or a rejection when `ms` are over (with what `late` gives) or when `signal` is aborted (with its reason). Ends
 * this wait only, never the work behind the promise. `ms` left out: no limit.
 */
export function within<T>(
  promise: Promise<T>,
  ms: number | undefined,
  scheduler: SchedulerLike,
  {
    signal,
    late = timedOut,
  }: { signal?: AbortSignal; late?: () => Error } = {},
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal?.reason as Error);
    const end =
      ms === undefined
        ? undefined
        : timer(ms, scheduler).subscribe(() => reject(late()));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      end?.unsubscribe();
      signal?.removeEventListener('abort', abort);
    });
  });
}

const timedOut = () => new Error('not in time');
