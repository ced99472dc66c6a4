import {
  isAxiosError,
  type AxiosInstance,
  type InternalAxiosRequestConfig,
} from 'axios';

/** How often each call was sent again. */
const RETRIES = 'retrying';

/**
 * Does to an instance what axios-retry does: it remembers the attempts on the config, and sends a failed call's config
 * again through the whole instance, with a body that is not transformed twice.
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
