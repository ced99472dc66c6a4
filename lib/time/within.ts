import { timer, type SchedulerLike } from 'rxjs';

/**
 * Settles as `promise` does, or rejects: after `ms` with the error of `late`, on abort of `signal` with its reason. Only the
 * wait ends; the work behind the promise goes on. Without `ms` there is no limit.
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
