import { timer, type SchedulerLike } from 'rxjs';
import { TokenCallFailure } from '../portone/token-call.failure.js';

/** Runs `work` under one total deadline. Past it, the signal is aborted and the promise rejects whatever `work` does. */
export function withDeadline<T>(
  ms: number,
  scheduler: SchedulerLike,
  controller: AbortController,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const { signal } = controller;
    const deadline = timer(ms, scheduler).subscribe(() =>
      controller.abort(
        new TokenCallFailure(
          'PORTONE_TOKEN_TIMEOUT',
          `PortOne did not answer within ${ms} ms`,
        ),
      ),
    );
    signal.addEventListener('abort', () => reject(signal.reason as Error), {
      once: true,
    });
    work(signal)
      .then(resolve, reject)
      .finally(() => deadline.unsubscribe());
  });
}

/** `promise`, or the signal's abort: it ends this wait alone, never the work behind the promise. */
export function abortable<T>(
  promise: Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}
