import type { InternalAxiosRequestConfig } from 'axios';
import { copyError } from '../errors/copy-error.js';
import { PortOneAuthError } from '../errors/index.js';

/**
 * A typed error of ours, as an AxiosError without a response as well. Libraries around axios need that: a cache then forgets
 * the request in progress, a retry sends `config` again. Each request gets an error of its own. Other errors pass through.
 */
export function asAxiosError(
  error: unknown,
  config: InternalAxiosRequestConfig,
): unknown {
  if (!(error instanceof PortOneAuthError)) return error;
  const { method, baseURL, url } = config;
  const own = copyError(error);
  const fields = {
    isAxiosError: true,
    // Not enumerable, because loggers would show its body and headers.
    config,
    toJSON: () => ({ ...error.toJSON(), config: { method, baseURL, url } }),
  };
  for (const [name, value] of Object.entries(fields))
    Object.defineProperty(own, name, {
      value,
      writable: true,
      configurable: true,
    });
  return own;
}
