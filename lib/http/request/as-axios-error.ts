import type { InternalAxiosRequestConfig } from 'axios';
import { copyError } from '../../errors/copy-error.js';
import { PortOneAuthError } from '../../errors/index.js';

/**
 * Copies a typed error for one request, and makes the copy an AxiosError without a response as well. Libraries around axios need
 * that: a cache then forgets the request in progress, and a retry library sends `config` again. Returns any other error unchanged.
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
