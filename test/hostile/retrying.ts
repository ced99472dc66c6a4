import {
  isAxiosError,
  type AxiosInstance,
  type InternalAxiosRequestConfig,
} from 'axios';

/** The property of a config that counts its retries. */
const RETRIES = 'retrying';

/**
 * Adds retries to an instance as axios-retry does. It counts the attempts on the config, and sends the config of a failed call
 * again through the instance. The body is not transformed a second time.
 */
export function retrying(
  instance: AxiosInstance,
  shouldRetry: (status: number | undefined) => boolean,
  times = 3,
): void {
  instance.interceptors.request.use((config) => {
    attempts(config);
    return config;
  });
  instance.interceptors.response.use(undefined, (error: unknown) => {
    if (!isAxiosError(error) || !error.config) throw error;
    const { config, response } = error;
    const state = attempts(config);
    if (state.count >= times || !shouldRetry(response?.status)) throw error;
    state.count += 1;
    config.transformRequest = [(data: unknown) => data];
    return instance.request(config);
  });
}

function attempts(config: InternalAxiosRequestConfig): { count: number } {
  const held = config as unknown as Record<string, { count: number }>;
  return (held[RETRIES] ??= { count: 0 });
}
