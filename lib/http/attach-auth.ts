import type { AxiosInstance, InternalAxiosRequestConfig } from 'axios';
import type { AuthorizedAdapter } from './authorized-adapter.js';

/** Puts our adapter around the one each request would use; the interceptor is synchronous, so the path stays free of promises. */
export function attachAuth(
  instance: AxiosInstance,
  adapter: AuthorizedAdapter,
): void {
  instance.interceptors.request.use(
    (config) => {
      // axios will not call the adapter, so nothing would take ours off the config again.
      if (isCancelled(config)) return config;
      config.adapter = adapter.around(config.adapter);
      return config;
    },
    undefined,
    { synchronous: true },
  );
}

const isCancelled = ({
  signal,
  cancelToken,
}: InternalAxiosRequestConfig): boolean =>
  signal?.aborted === true || cancelToken?.reason !== undefined;
