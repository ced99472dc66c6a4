import axios, {
  isAxiosError,
  type AxiosAdapter,
  type AxiosPromise,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import type { SchedulerLike } from 'rxjs';
import type { TokenService } from '../token/token.service.js';
import { isReplayable } from './replayable-body.js';
import { scrubError, scrubResponse } from './scrub.js';
import { drain } from './stream.js';
import type { TokenOrigins } from './token-origin.js';
import { waitForToken } from './wait-for-token.js';

export type AdapterChoice = InternalAxiosRequestConfig['adapter'];

/** Sends one request through the adapter it would have used, with our token; replays it once on a 401. */
export class AuthorizedAdapter {
  constructor(
    private readonly tokens: TokenService,
    private readonly origins: TokenOrigins,
    private readonly scheduler: SchedulerLike,
  ) {}

  /** An adapter around `chosen`: the last moment, when URL, headers and body are final. */
  around(chosen: AdapterChoice): AxiosAdapter {
    return (config) => {
      const inner = axios.getAdapter(chosen, config as never);
      return this.isOurs(config) ? this.send(inner, config) : inner(config);
    };
  }

  /** Whether the request gets our token: an allowed origin, and no credentials of the caller's own. */
  private isOurs(config: InternalAxiosRequestConfig): boolean {
    return (
      config.portoneAuth !== false &&
      !config.auth &&
      !config.headers.has('Authorization') &&
      this.origins.allows(config)
    );
  }

  private async send(
    inner: AxiosAdapter,
    config: InternalAxiosRequestConfig,
  ): AxiosPromise {
    const token =
      this.tokens.peekAccessToken() ??
      (await waitForToken(
        this.tokens.getAccessToken(),
        config,
        this.scheduler,
      ));
    const replayable = mayRetry(config) && isReplayable(config.data);
    const first = await this.attempt(inner, config, token);
    if (first.status !== 401)
      return this.settle(first, { replayed: false, replayable });

    const replacement = this.tokens.replacementFor(token);
    if (!replayable) {
      // The token is renewed for the next call all the same; this one has its answer.
      replacement.catch(() => undefined);
      return this.settle(first, { replayed: false, replayable });
    }
    const next = await waitForToken(replacement, config, this.scheduler).catch(
      (error: unknown) => {
        drain(first.response?.data);
        throw error;
      },
    );
    if (!next) return this.settle(first, { replayed: false, replayable });
    drain(first.response?.data);
    const second = await this.attempt(inner, config, next.token);
    if (second.status === 401 && next.isNew)
      this.tokens.reportUnhealed(next.token);
    return this.settle(second, { replayed: true, replayable });
  }

  /** One call of the inner adapter. The token is on the config only while it runs. */
  private async attempt(
    inner: AxiosAdapter,
    config: InternalAxiosRequestConfig,
    token: string,
  ): Promise<Attempt> {
    const { beforeRedirect } = config;
    config.headers['Authorization'] = `Bearer ${token}`;
    if (config.maxRedirects !== 0) {
      config.beforeRedirect = (options, ...rest) => {
        forgetAuthorization(options);
        beforeRedirect?.(options, ...rest);
        forgetAuthorization(options);
      };
    }
    try {
      const response = scrubResponse(await inner(config), config);
      return { status: response.status, response };
    } catch (error) {
      scrubError(error, config);
      const response = isAxiosError(error) ? error.response : undefined;
      return { status: response?.status, response, error };
    } finally {
      delete config.headers['Authorization'];
      if (config.maxRedirects !== 0) config.beforeRedirect = beforeRedirect;
    }
  }

  private settle(
    attempt: Attempt,
    portoneAuth: { replayed: boolean; replayable: boolean },
  ): AxiosResponse {
    if (!('error' in attempt)) return attempt.response;
    if (isAxiosError(attempt.error)) attempt.error.portoneAuth = portoneAuth;
    throw attempt.error;
  }
}

/** How one attempt ended: with an answer, or with what the adapter rejected with (which may hold an answer as well). */
type Attempt =
  | { readonly status: number; readonly response: AxiosResponse }
  | {
      readonly status?: number;
      readonly response?: AxiosResponse;
      readonly error: unknown;
    };

const mayRetry = ({ portoneAuth }: InternalAxiosRequestConfig): boolean =>
  !(typeof portoneAuth === 'object' && portoneAuth.retry === false);

function forgetAuthorization(options: Record<string, unknown>): void {
  const headers = options['headers'] as Record<string, unknown> | undefined;
  for (const name of Object.keys(headers ?? {})) {
    if (name.toLowerCase() === 'authorization') delete headers?.[name];
  }
}
