import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { detached, isStream } from './stream.js';

/** What is left of the request that was sent, in responses and errors that carried our token. */
export interface ScrubbedRequest {
  readonly method?: string;
  readonly host?: string;
  readonly path?: string;
}

interface Carrier {
  config?: unknown;
  request?: unknown;
  response?: unknown;
}

/** Takes from a response whatever leads back to the header that was sent. */
export function scrubResponse(
  response: AxiosResponse,
  config: InternalAxiosRequestConfig,
): AxiosResponse {
  response.config = config;
  response.request = plainRequest(response.request);
  if (isStream(response.data)) response.data = detached(response.data);
  return response;
}

/** The same for what the adapter rejected with, whether it is an AxiosError or not. */
export function scrubError(
  error: unknown,
  config: InternalAxiosRequestConfig,
): void {
  if (typeof error !== 'object' || error === null) return;
  const carrier = error as Carrier;
  if (carrier.config) carrier.config = config;
  if (carrier.request) carrier.request = plainRequest(carrier.request);
  if (isResponse(carrier.response)) scrubResponse(carrier.response, config);
}

const isResponse = (value: unknown): value is AxiosResponse =>
  typeof value === 'object' && value !== null && 'status' in value;

function plainRequest(request: unknown): ScrubbedRequest {
  const { method, host, path } = (request ?? {}) as Record<string, unknown>;
  return {
    ...(typeof method === 'string' && { method }),
    ...(typeof host === 'string' && { host }),
    ...(typeof path === 'string' && { path }),
  };
}
