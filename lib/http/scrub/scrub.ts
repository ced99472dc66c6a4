import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { isStream, isWebStream } from '../../call/replayable-body.js';
import { copyError } from '../../errors/copy-error.js';
import { own } from '../../portone/own.js';
import { detached, detachedWeb } from './stream.js';
import { finalUrl } from '../token-origin.js';

/** What responses and errors still show of the request that was sent with our token. */
export interface ScrubbedRequest {
  readonly method?: string;
  readonly host?: string;
  readonly path?: string;
}

/** How many nested errors are cleaned; further ones are removed. axios itself nests one or two. */
const MAX_ERRORS = 64;

/** Removes from a response everything that leads to the header that was sent. */
export function scrubResponse(
  response: AxiosResponse,
  config: InternalAxiosRequestConfig,
): AxiosResponse {
  const request = own(response, 'request');
  const sent = isObject(request) ? plainRequest(request, config) : undefined;
  const { data } = response as { data: unknown };
  const target = Object.isFrozen(response) ? { ...response } : response;
  target.config = config;
  if (sent) target.request = sent;
  if (typeof data !== 'object') return target;
  const scrub = (error: unknown) => scrubError(error, config);
  if (isStream(data)) target.data = detached(data, sent?.path, scrub);
  else if (isWebStream(data)) target.data = detachedWeb(data, scrub);
  return target;
}

/** Does the same for an error of the adapter and for every error that it holds. */
export function scrubError(
  error: unknown,
  config: InternalAxiosRequestConfig,
): unknown {
  const scrubbed = new Map<unknown, unknown>();
  const visit = (value: unknown): unknown => {
    if (!isObject(value)) return value;
    if (scrubbed.has(value)) return scrubbed.get(value);
    if (scrubbed.size >= MAX_ERRORS) return undefined;
    const target = isLocked(value) ? copyError(value) : value;
    scrubbed.set(value, target);
    const change = (field: string, to: (held: object) => unknown) => {
      const held = own(value, field);
      if (isObject(held)) set(target, field, to(held));
    };
    change('config', () => config);
    change('request', (request) => plainRequest(request, config));
    change('response', (response) =>
      isResponse(response) ? scrubResponse(response, config) : response,
    );
    change('cause', visit);
    change('errors', (errors) =>
      Array.isArray(errors) ? errors.map(visit) : errors,
    );
    return target;
  };
  return visit(error);
}

const FIELDS = ['config', 'request', 'response', 'cause', 'errors'];

/** Whether an error is frozen, or has a field that can only be read. */
const isLocked = (error: object): boolean =>
  FIELDS.some((field) => {
    const held = Object.getOwnPropertyDescriptor(error, field);
    return held && !held.configurable && !held.writable;
  });

function set(target: object, field: string, value: unknown): void {
  const held = Object.getOwnPropertyDescriptor(target, field);
  if (held?.configurable)
    Object.defineProperty(target, field, {
      value,
      enumerable: held.enumerable,
      writable: true,
      configurable: true,
    });
  else Reflect.set(target, field, value);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null;

const isResponse = (value: object): value is AxiosResponse => 'status' in value;

/** Where a request went. The request objects of follow-redirects and fetch do not have these fields; then the config is read. */
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
    return withResponseUrl({ method, host, path }, request);
  const target = finalUrl(config);
  const plain = {
    method: config.method?.toUpperCase(),
    host: target?.hostname,
    path: target && target.pathname + target.search,
  };
  return withResponseUrl(plain, request);
}

/** Keeps `request.res.responseUrl`: apps with axios read from it where a redirect has led. */
function withResponseUrl<T extends object>(plain: T, request: object): T {
  const responseUrl = own(own(request, 'res'), 'responseUrl');
  return typeof responseUrl === 'string'
    ? Object.defineProperty(plain, 'res', { value: { responseUrl } })
    : plain;
}
