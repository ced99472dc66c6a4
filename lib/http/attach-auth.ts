import type { AxiosInstance } from 'axios';
import type { AdapterChoice, AuthorizedAdapter } from './authorized-adapter.js';

/**
 * Puts our adapter around the one each request would use. One synchronous interceptor keeps the request path free of
 * promises; a config that is sent again is not wrapped twice.
 */
export function attachAuth(
  instance: AxiosInstance,
  adapter: AuthorizedAdapter,
): void {
  const wrapped = new Map<AdapterChoice, AdapterChoice>();
  const ours = new WeakSet<object>();
  instance.interceptors.request.use(
    (config) => {
      const chosen = config.adapter;
      if (typeof chosen === 'function' && ours.has(chosen)) return config;
      const isShared = chosen === instance.defaults.adapter;
      const wrapper =
        (isShared && wrapped.get(chosen)) || adapter.around(chosen);
      if (typeof wrapper === 'function') ours.add(wrapper);
      if (isShared) wrapped.set(chosen, wrapper);
      config.adapter = wrapper;
      return config;
    },
    undefined,
    { synchronous: true },
  );
}
