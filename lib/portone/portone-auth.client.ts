import { Axios, isAxiosError, type AxiosResponse } from 'axios';
import { ownConnections, type NetworkSettings } from './own-connections.js';
import { ownOnly } from './own.js';
import { readTokenAnswer, type TokenAnswer } from './token-answer.js';
import { secretFault } from './secret-fault.js';
import { TokenCallFailure } from './token-call.failure.js';
import { throughProxy, unansweredCall } from './unanswered-call.js';
import { readTokenRefusal } from './refused-answer.js';

/** Where token calls go, and which of the user's axios options lead out of this network. */
export interface TokenTransport {
  readonly baseURL: string;
  readonly network?: NetworkSettings;
}

/** A pair of JWTs has about 3 KB, and servers do not accept headers of 16 KB. A larger answer is no pair. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** The two token calls of PortOne V2 on a bare axios of their own: no interceptors, no redirects, no global defaults. */
export class PortOneAuthClient {
  private readonly http: Axios;

  constructor(private readonly transport: TokenTransport) {
    this.http = new Axios({
      baseURL: transport.baseURL,
      adapter: 'http',
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

  /** `POST /login/api-secret`. Throws {@link TokenCallFailure}; never anything that holds the secret. */
  async login(apiSecret: string, signal: AbortSignal): Promise<TokenAnswer> {
    try {
      return await this.call('/login/api-secret', { apiSecret }, signal);
    } catch (error) {
      throw withFault(error, this.pathFault ?? secretFault(apiSecret));
    }
  }

  /** `POST /token/refresh`. Throws {@link TokenCallFailure}; never anything that holds the token. */
  refresh(refreshToken: string, signal: AbortSignal): Promise<TokenAnswer> {
    return this.call('/token/refresh', { refreshToken }, signal);
  }

  /** A gateway may need a path. With PortOne itself every call would miss its endpoint, and the answer looks like a bad secret. */
  private get pathFault(): string | undefined {
    const { pathname } = new URL(this.transport.baseURL);
    return pathname === '/'
      ? undefined
      : 'baseURL has a path, which the API of PortOne has not: check baseURL first, unless a gateway wants that path';
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
        // The AxiosError holds the request body.
        throw unansweredCall(call, error);
      },
    );
    const text = typeof answer.data === 'string' ? answer.data : '';
    const headers = ownOnly(answer.headers);
    if (answer.status === 200)
      return readTokenAnswer(call, text, headers['date']);
    // A proxy that opens no tunnel answers in the place of PortOne.
    const way = call + throughProxy(answer);
    throw readTokenRefusal(way, answer.status, text, headers);
  }

  /** Sends once more when an agent gave a pooled connection that the other side had closed, as Node's documents advise. */
  private async post(
    path: string,
    body: object,
    signal: AbortSignal,
  ): Promise<AxiosResponse<unknown>> {
    const { baseURL, network } = this.transport;
    for (;;) {
      const settings = ownConnections(baseURL, network);
      try {
        return await this.http.post(path, body, { ...settings, signal });
      } catch (error) {
        if (signal.aborted || !isDeadConnection(error)) throw error;
      }
    }
  }
}

/** A refused login with what is visibly wrong in what was sent. */
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
