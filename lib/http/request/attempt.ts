import {
  isAxiosError,
  type AxiosAdapter,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import type { SchedulerLike } from 'rxjs';
import type { Attempt } from '../../call/authorized-call.js';
import { nestAxios } from '../nest-axios.js';
import { scrubError, scrubResponse } from '../scrub/scrub.js';
import { detachedBody, letGo } from '../scrub/stream.js';

/** The prototype of our copies: like the configs of axios without `Object.prototype`, which could be polluted, but with the method that some adapters call. */
const CONFIG_PROTOTYPE: object = Object.freeze(
  Object.create(null, {
    hasOwnProperty: { value: Object.prototype.hasOwnProperty },
  }) as object,
);

/** Copies field by field: a spread of a config of axios takes three times as long. The copy is quicker to read, too. */
export function copyOf(
  config: InternalAxiosRequestConfig,
): InternalAxiosRequestConfig {
  const copy = Object.create(CONFIG_PROTOTYPE) as Record<PropertyKey, unknown>;
  const fields = config as unknown as Record<PropertyKey, unknown>;
  for (const field of Object.keys(config)) copy[field] = fields[field];
  for (const field of Object.getOwnPropertySymbols(config))
    copy[field] = fields[field];
  return copy as unknown as InternalAxiosRequestConfig;
}

/**
 * One call of the adapter. The token is only on `sent`, a copy of the config for this attempt: the caller's config never holds
 * it, and nothing that comes back leads to it.
 */
export async function attempt(
  adapter: AxiosAdapter,
  config: InternalAxiosRequestConfig,
  sent: InternalAxiosRequestConfig,
  token: string | undefined,
  scheduler: SchedulerLike,
): Promise<Attempt<AxiosResponse>> {
  sent.headers = Object.assign(new nestAxios.AxiosHeaders(), config.headers);
  if (sent.data) sent.data = detachedBody(sent.data);
  let hasRedirected = false;
  if (token !== undefined) {
    sent.headers['Authorization'] = `Bearer ${token}`;
    if (sent.maxRedirects !== 0)
      sent.beforeRedirect = beforeRedirect(config, () => {
        hasRedirected = true;
      });
  }
  let response: AxiosResponse | undefined;
  let failure: { error: unknown } | undefined;
  try {
    response = scrubResponse(await adapter(sent), config);
  } catch (error) {
    const scrubbed = scrubError(error, config);
    response = isAxiosError(scrubbed) ? scrubbed.response : undefined;
    failure = { error: scrubbed };
  }
  // The adapter may keep these headers, and may have changed the spelling of the name.
  if (token !== undefined) forgetAuthorization(sent.headers);
  const isRefused = response?.status === 401 && !hasRedirected;
  return new AxiosAttempt(isRefused, response, failure, scheduler);
}

class AxiosAttempt implements Attempt<AxiosResponse> {
  constructor(
    readonly isRefused: boolean,
    private readonly response: AxiosResponse | undefined,
    private readonly failure: { error: unknown } | undefined,
    private readonly scheduler: SchedulerLike,
  ) {}

  result(): AxiosResponse {
    if (this.failure) throw this.failure.error;
    return this.response!;
  }

  letGo(): void {
    letGo(this.response?.data, this.scheduler);
  }
}

const LEADING_TO_SOCKETS = ['agent', 'agents', 'nativeProtocols'];

/** Removes the token from every redirect, also within its own origin, and hides the agents from the hook of the app. */
function beforeRedirect(
  { beforeRedirect: given }: InternalAxiosRequestConfig,
  redirected: () => void,
): InternalAxiosRequestConfig['beforeRedirect'] {
  return (options, response, request) => {
    redirected();
    forgetAuthorization(options['headers']);
    forgetAuthorization(request?.headers);
    if (!given) return;
    const shown = { ...options };
    for (const field of LEADING_TO_SOCKETS) delete shown[field];
    given(shown, response, request);
    for (const field of Object.keys(options))
      if (!(field in shown) && !LEADING_TO_SOCKETS.includes(field))
        delete options[field];
    Object.assign(options, shown);
  };
}

/** Deletes an Authorization in any spelling from a plain map of headers. */
export function forgetAuthorization(headers: unknown): void {
  if (typeof headers !== 'object' || headers === null) return;
  for (const name in headers)
    if (name.length === 13 && name.toLowerCase() === 'authorization')
      Reflect.deleteProperty(headers, name);
}
