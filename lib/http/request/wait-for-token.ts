import type { AxiosError, InternalAxiosRequestConfig } from 'axios';
import { timer, type SchedulerLike } from 'rxjs';
import { nestAxios } from '../nest-axios.js';

/**
 * Waits for the token, until `timeout`, `signal` or `cancelToken` of this request ends the wait: then the signal passed to `token`
 * is aborted with the error for the caller. It ends the wait of this request only; other requests go on waiting.
 */
export async function waitForToken<T>(
  token: (signal: AbortSignal) => Promise<T>,
  config: InternalAxiosRequestConfig,
  leftMs: number | undefined,
  scheduler: SchedulerLike,
): Promise<T> {
  const { signal, cancelToken } = config;
  const controller = new AbortController();
  const end = (error: unknown) => controller.abort(error);
  const abort = () => end(new nestAxios.CanceledError(undefined, config));
  const limit =
    leftMs === undefined
      ? undefined
      : timer(Math.max(0, leftMs), scheduler).subscribe(() =>
          end(timeoutError(config, ' while waiting for an access token')),
        );
  signal?.addEventListener?.('abort', abort);
  cancelToken?.subscribe(end);
  if (signal?.aborted) abort();
  try {
    return await token(controller.signal);
  } finally {
    limit?.unsubscribe();
    signal?.removeEventListener?.('abort', abort);
    cancelToken?.unsubscribe(end);
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
