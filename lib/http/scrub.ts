import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { finalUrl } from './final-url.js';
import { detached, detachedWeb, isStream, isWebStream } from './stream.js';

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
  cause?: unknown;
}

/** As many errors as may wrap each other; axios wraps once or twice. */
const DEEPEST_CAUSE = 8;

/** Takes from a response whatever leads back to the header that was sent. */
export function scrubResponse(
  response: AxiosResponse,
  config: InternalAxiosRequestConfig,
): AxiosResponse {
  response.config = config;
  if (response.request)
    response.request = plainRequest(response.request, config);
  const scrub = (error: unknown) => scrubError(error, config);
  if (isStream(response.data)) response.data = detached(response.data, scrub);
  else if (isWebStream(response.data))
    response.data = detachedWeb(response.data, scrub);
  return response;
}

/** The same for what the adapter rejected with, an AxiosError or not, and for what that wraps. */
export function scrubError(
  error: unknown,
  config: InternalAxiosRequestConfig,
): void {
  let link = error;
  for (let depth = 0; depth < DEEPEST_CAUSE && isCarrier(link); depth += 1) {
    if (link.config) link.config = config;
    if (link.request) link.request = plainRequest(link.request, config);
    if (isResponse(link.response)) scrubResponse(link.response, config);
    link = link.cause;
  }
}

const isCarrier = (value: unknown): value is Carrier =>
  typeof value === 'object' && value !== null;

const isResponse = (value: unknown): value is AxiosResponse =>
  isCarrier(value) && 'status' in value;

/** A redirecting or a fetch request does not say where it went; the config does. */
function plainRequest(
  request: object,
  config: InternalAxiosRequestConfig,
): ScrubbedRequest {
  const { method, host, path } = request as Record<string, unknown>;
  if (
    typeof method === 'string' &&
    typeof host === 'string' &&
    typeof path === 'string'
  )
    return { method, host, path };
  const target = finalUrl(config);
  return {
    method: config.method?.toUpperCase(),
    host: target?.hostname,
    path: target && target.pathname + target.search,
  };
}
