import { Axios, isAxiosError, type AxiosResponse } from 'axios';
import {
  separateConnections,
  type NetworkSettings,
} from './separate-connections.js';
import { ownOnly } from './own.js';
import { readTokenAnswer, type TokenAnswer } from './token-answer.js';
import { quietTransport } from './quiet-transport.js';
import { secretFault } from './secret-fault.js';
import { TokenCallFailure } from './token-call.failure.js';
import { throughProxy, unansweredCall } from './unanswered-call.js';
import { readFailedAnswer } from './failed-answer.js';

/** Where token calls go, and the user's axios options for TLS, DNS and proxy. */
export interface TokenTransport {
  readonly baseURL: string;
  readonly network?: NetworkSettings;
}

/** A pair of JWTs has about 3 KB, and servers accept no header of 16 KB. A larger answer cannot be a pair. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** The two token calls of PortOne V2, on a separate axios instance: no interceptors, no redirects, no global defaults. */
export class PortOneAuthClient {
  private readonly http: Axios;

  constructor(private readonly transport: TokenTransport) {
    this.http = new Axios({
      baseURL: transport.baseURL,
      adapter: 'http',
      transport: quietTransport,
      maxRedirects: 0,
      maxContentLength: MAX_ANSWER_BYTES,
      responseType: 'text',
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
      },
      transformRequest: (body: unknown) => JSON.stringify(body),
      validateStatus: () => true,
    });
  }

  /** `POST /login/api-secret`. Throws {@link TokenCallFailure}, which never holds the secret. */
  async login(apiSecret: string, signal: AbortSignal): Promise<TokenAnswer> {
    try {
      return await this.call('/login/api-secret', { apiSecret }, signal);
    } catch (error) {
      throw withFault(error, this.pathFault ?? secretFault(apiSecret));
    }
  }

  /** `POST /token/refresh`. Throws {@link TokenCallFailure}, which never holds the token. */
  refresh(refreshToken: string, signal: AbortSignal): Promise<TokenAnswer> {
    return this.call('/token/refresh', { refreshToken }, signal);
  }

  /** A gateway may need a path. PortOne itself has none, and its answer to a wrong path looks like a bad secret. */
  private get pathFault(): string | undefined {
    const { pathname } = new URL(this.transport.baseURL);
    return pathname === '/'
      ? undefined
      : 'baseURL has a path, but the API of PortOne has none: check baseURL first, unless a gateway needs that path';
  }

  private async call(
    path: string,
    credential: object,
    signal: AbortSignal,
  ): Promise<TokenAnswer> {
    const { host } = new URL(this.transport.baseURL);
    const call = `POST ${path} to ${host}`;
    const answer = await this.post(path, credential, signal).catch(
      (error: unknown) => {
        // Not thrown on, because the AxiosError holds the request body.
        throw unansweredCall(call, error);
      },
    );
    const text = typeof answer.data === 'string' ? answer.data : '';
    const headers = ownOnly(answer.headers);
    if (answer.status === 200)
      return readTokenAnswer(call, text, headers['date']);
    // A proxy that opens no tunnel answers instead of PortOne.
    const way = call + throughProxy(answer);
    throw readFailedAnswer(way, answer.status, text, headers);
  }

  /** Sends again when an agent used a pooled connection that the server had already closed, as Node's documentation advises. */
  private async post(
    path: string,
    body: object,
    signal: AbortSignal,
  ): Promise<AxiosResponse<unknown>> {
    const { baseURL, network } = this.transport;
    for (;;) {
      const settings = separateConnections(baseURL, network);
      try {
        return await this.http.post(path, body, { ...settings, signal });
      } catch (error) {
        if (signal.aborted || !isDeadConnection(error)) throw error;
      }
    }
  }
}

/** Adds the visible mistake in the secret or in baseURL to the error of a rejected login. */
function withFault(error: unknown, fault: string | undefined): unknown {
  if (!(error instanceof TokenCallFailure)) return error;
  const { reason, detail, facts } = error;
  return fault && facts.rejected
    ? new TokenCallFailure(reason, `${detail}; ${fault}`, facts)
    : error;
}

const isDeadConnection = (error: unknown): boolean =>
  isAxiosError(error) &&
  (error.code === 'ECONNRESET' || error.code === 'EPIPE') &&
  (error.request as { reusedSocket?: unknown } | undefined)?.reusedSocket ===
    true;
