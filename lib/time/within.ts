import { timer, type SchedulerLike } from 'rxjs';

/**
 * Settles as `promise` does. Rejects earlier when `ms` milliseconds have passed, with the error of `onTimeout`, or when
 * `signal` is aborted, with its reason; the work behind the promise goes on. Without `ms` there is no time limit.
 */
export function within<T>(
  promise: Promise<T>,
  ms: number | undefined,
  scheduler: SchedulerLike,
  {
    signal,
    onTimeout = timedOut,
  }: { signal?: AbortSignal; onTimeout?: () => Error } = {},
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal?.reason as Error);
    const end =
      ms === undefined
        ? undefined
        : timer(ms, scheduler).subscribe(() => reject(onTimeout()));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      end?.unsubscribe();
      signal?.removeEventListener('abort', abort);
    });
  });
}

const timedOut = () => new Error('timed out');
