import type { InternalAxiosRequestConfig } from 'axios';
import {
  firstValueFrom,
  from,
  map,
  NEVER,
  Observable,
  race,
  timer,
  type SchedulerLike,
} from 'rxjs';
import { nestAxios } from './nest-axios.js';

/** The token, or the end of this request's patience: its `timeout`, `signal` or `cancelToken`. Others wait on. */
export function waitForToken<T>(
  token: Promise<T>,
  config: InternalAxiosRequestConfig,
  scheduler: SchedulerLike,
): Promise<T> {
  return firstValueFrom(
    // The token comes first: the race leaves out whatever follows a contender that has won at once.
    race(from(token), cancelled(config), timedOut(config, scheduler)),
  );
}

function cancelled(config: InternalAxiosRequestConfig): Observable<never> {
  const { signal, cancelToken } = config;
  return new Observable((subscriber) => {
    const abort = () =>
      subscriber.error(new nestAxios.CanceledError(undefined, config));
    const cancel = (reason: unknown) => subscriber.error(reason);
    signal?.addEventListener?.('abort', abort);
    cancelToken?.subscribe(cancel);
    if (signal?.aborted) abort();
    return () => {
      signal?.removeEventListener?.('abort', abort);
      cancelToken?.unsubscribe(cancel);
    };
  });
}

function timedOut(
  config: InternalAxiosRequestConfig,
  scheduler: SchedulerLike,
): Observable<never> {
  const { timeout, timeoutErrorMessage, transitional } = config;
  if (!timeout) return NEVER;
  return timer(timeout, scheduler).pipe(
    map(() => {
      throw new nestAxios.AxiosError(
        timeoutErrorMessage ??
          `timeout of ${timeout}ms exceeded while waiting for an access token`,
        transitional?.clarifyTimeoutError
          ? nestAxios.AxiosError.ETIMEDOUT
          : nestAxios.AxiosError.ECONNABORTED,
        config,
      );
    }),
  );
}
