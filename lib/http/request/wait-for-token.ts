import type { AxiosError, InternalAxiosRequestConfig } from 'axios';
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
import { nestAxios } from '../nest-axios.js';

/**
 * Waits for the token, until `timeout`, `signal` or `cancelToken` of this request ends the wait. The signal passed to `token` ends
 * the wait of this request only; other requests go on waiting.
 */
export async function waitForToken<T>(
  token: (signal: AbortSignal) => Promise<T>,
  config: InternalAxiosRequestConfig,
  leftMs: number | undefined,
  scheduler: SchedulerLike,
): Promise<T> {
  const timedOut =
    leftMs === undefined
      ? NEVER
      : timer(Math.max(0, leftMs), scheduler).pipe(
          map(() => {
            throw timeoutError(config, ' while waiting for an access token');
          }),
        );
  const controller = new AbortController();
  try {
    // The token comes first: when it is there at once, the race does not subscribe to the others.
    return await firstValueFrom(
      race(from(token(controller.signal)), cancelled(config), timedOut),
    );
  } finally {
    controller.abort();
  }
}

/** The error that axios itself would throw. */
export function timeoutError(
  config: InternalAxiosRequestConfig,
  when = '',
): AxiosError {
  const { timeout, timeoutErrorMessage, transitional } = config;
  return new nestAxios.AxiosError(
    timeoutErrorMessage ?? `timeout of ${timeout}ms exceeded${when}`,
    transitional?.clarifyTimeoutError
      ? nestAxios.AxiosError.ETIMEDOUT
      : nestAxios.AxiosError.ECONNABORTED,
    config,
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
