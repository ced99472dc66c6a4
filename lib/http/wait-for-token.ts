import {
  AxiosError,
  CanceledError,
  type InternalAxiosRequestConfig,
} from 'axios';
import { timer, type SchedulerLike } from 'rxjs';

/** The token, or the end of this request's patience: its `timeout`, `signal` or `cancelToken`. Others wait on. */
export function waitForToken<T>(
  token: Promise<T>,
  config: InternalAxiosRequestConfig,
  scheduler: SchedulerLike,
): Promise<T> {
  const { timeout, signal, cancelToken } = config;
  return new Promise<T>((resolve, reject) => {
    const cancel = () =>
      reject(new CanceledError(undefined, undefined, config));
    const patience =
      timeout === undefined || timeout <= 0
        ? undefined
        : timer(timeout, scheduler).subscribe(() =>
            reject(
              new AxiosError(
                `timeout of ${timeout}ms exceeded while waiting for an access token`,
                config.transitional?.clarifyTimeoutError
                  ? AxiosError.ETIMEDOUT
                  : AxiosError.ECONNABORTED,
                config,
              ),
            ),
          );
    if (signal?.aborted || cancelToken?.reason) cancel();
    signal?.addEventListener?.('abort', cancel);
    const cancelled = cancelToken as
      (typeof cancelToken & Subscribable) | undefined;
    cancelled?.subscribe(cancel);
    token.then(resolve, reject).finally(() => {
      patience?.unsubscribe();
      signal?.removeEventListener?.('abort', cancel);
      cancelled?.unsubscribe(cancel);
    });
  });
}

/** Part of every axios CancelToken, though not of its typings. */
interface Subscribable {
  subscribe(listener: () => void): void;
  unsubscribe(listener: () => void): void;
}
