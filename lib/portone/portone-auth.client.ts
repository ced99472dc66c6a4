import { Axios, isAxiosError } from 'axios';
import { ownConnections, type NetworkSettings } from './own-connections.js';
import { ownOnly } from './own-only.js';
import { readTokenAnswer, type TokenAnswer } from './token-answer.js';
import { TokenCallFailure } from './token-call.failure.js';
import { readTokenRefusal } from './refused-answer.js';

/** Where token calls go, and which of the user's axios options lead out of this network. */
export interface TokenTransport {
  readonly baseURL: string;
  readonly network?: NetworkSettings;
}

/** A pair of JWTs has some 3 KB; whatever is larger is not one. */
const MAX_ANSWER_BYTES = 256 * 1024;

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
  login(apiSecret: string, signal: AbortSignal): Promise<TokenAnswer> {
    return this.call('/login/api-secret', 'apiSecret', apiSecret, signal);
  }

  /** `POST /token/refresh`. Throws {@link TokenCallFailure}; never anything that holds the token. */
  refresh(refreshToken: string, signal: AbortSignal): Promise<TokenAnswer> {
    return this.call('/token/refresh', 'refreshToken', refreshToken, signal);
  }

  private async call(
    path: string,
    field: string,
    credential: string,
    signal: AbortSignal,
  ): Promise<TokenAnswer> {
    const { baseURL, network } = this.transport;
    const response = await this.http
      .post<unknown>(
        path,
        { [field]: credential },
        { ...ownConnections(baseURL, network), signal },
      )
      .catch((error: unknown) => {
        // The AxiosError holds the request body: only its code may go on.
        const code = isAxiosError(error) ? error.code : undefined;
        throw new TokenCallFailure(
          'PORTONE_TOKEN_NETWORK',
          `POST ${path} failed${code ? ` with ${code}` : ''}`,
        );
      });
    const text = typeof response.data === 'string' ? response.data : '';
    const headers = ownOnly(response.headers);
    if (response.status === 200) return readTokenAnswer(text, headers['date']);
    throw readTokenRefusal(response.status, text, headers);
  }
}
