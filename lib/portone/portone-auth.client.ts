import { Axios, isAxiosError } from 'axios';
import { ownOnly } from './own-only.js';
import { readTokenAnswer, type TokenAnswer } from './token-answer.js';
import { TokenCallFailure } from './token-call.failure.js';
import { readTokenRefusal } from './refused-answer.js';

/** How token calls reach PortOne: the network settings of the API instance, nothing else of it. */
export interface TokenTransport {
  readonly baseURL: string;
  readonly httpAgent?: unknown;
  readonly httpsAgent?: unknown;
  readonly proxy?: unknown;
}

/** A pair of JWTs has some 3 KB; whatever is larger is not one. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** The two token calls of PortOne V2 on a bare axios of their own: no interceptors, no redirects, no global defaults. */
export class PortOneAuthClient {
  private readonly http: Axios;

  constructor(transport: TokenTransport) {
    this.http = new Axios({
      ...(transport as object),
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
    const response = await this.http
      .post<unknown>(path, { [field]: credential }, { signal })
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
