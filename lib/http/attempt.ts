import {
  isAxiosError,
  type AxiosAdapter,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { nestAxios } from './nest-axios.js';
import { RedirectWatch } from './redirect-watch.js';
import { scrubError, scrubResponse } from './scrub.js';

/** How one attempt ended: with an answer, or with what the adapter rejected with, which may hold an answer as well. */
export type Attempt = {
  /** The token was refused: 401, and not from where a redirect led, as the token does not go there. */
  readonly isRefused: boolean;
} & (
  | { readonly hasFailed: false; readonly response: AxiosResponse }
  | {
      readonly hasFailed: true;
      readonly response: AxiosResponse | undefined;
      readonly error: unknown;
    }
);

/** One call of the adapter, with the token on headers of its own: the config has its own back afterwards. */
export async function attempt(
  adapter: AxiosAdapter,
  config: InternalAxiosRequestConfig,
  token: string,
): Promise<Attempt> {
  const redirects =
    config.maxRedirects === 0 ? undefined : new RedirectWatch(config);
  const { headers } = config;
  const sent = Object.assign(new nestAxios.AxiosHeaders(), headers);
  sent['Authorization'] = `Bearer ${token}`;
  config.headers = sent;
  const end = (response?: AxiosResponse) => {
    config.headers = headers;
    // The adapter may have kept them, under another spelling of the name.
    sent.set('Authorization', null);
    const wasRedirected = redirects?.end() ?? false;
    return { isRefused: response?.status === 401 && !wasRedirected };
  };
  try {
    const response = scrubResponse(await adapter(config), config);
    return { hasFailed: false, response, ...end(response) };
  } catch (error) {
    scrubError(error, config);
    const response = isAxiosError(error) ? error.response : undefined;
    return { hasFailed: true, response, error, ...end(response) };
  }
}

/** The answer of an attempt; throws what it was rejected with. */
export function answerOf(attempt: Attempt): AxiosResponse {
  if (attempt.hasFailed) throw attempt.error;
  return attempt.response;
}
