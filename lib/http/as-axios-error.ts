import type { InternalAxiosRequestConfig } from 'axios';
import { copyError } from '../errors/copy-error.js';
import { PortOneAuthError } from '../errors/index.js';

/**
 * Why there was no token, as an error of this request alone, which libraries around axios take for an AxiosError without a
 * response: a cache lets go of the URL, a retry sends `config` again. Other errors pass through.
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
