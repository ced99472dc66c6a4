import type {
  AxiosAdapter,
  AxiosResponse,
  InternalAxiosRequestConfig,
} from 'axios';
import { nestAxios } from '../../http/nest-axios.js';
import { parseJson, errorAnswer, toAnswer } from '../api/answer.js';

/** A request that the app sent through `HttpService` or PortOne's fetch. */
export interface StubbedRequest {
  /** The name of the client; `default` for the default client. */
  readonly client: string;
  /** In capitals, such as `POST`. */
  readonly method: string;
  /** The whole URL. */
  readonly url: string;
  /** The path of the URL, without the query. */
  readonly path: string;
  /** The query, without the `?`. */
  readonly query: URLSearchParams;
  /** Names in lower case. `authorization` has the token that was made for the test. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body. JSON is parsed. Any other body is as it was given to axios; from fetch it is text, FormData or bytes, by its type. */
  readonly body: unknown;
}

/** The function of a test that answers a request. */
export type Respond = (request: StubbedRequest) => unknown;

/** An axios adapter that sends nothing. The function `respond` answers. */
export const stubbedAdapter =
  (client: string, respond: Respond = hasNoAnswer): AxiosAdapter =>
  async (config) => {
    const request = toRequest(client, config);
    const { status, body } = toAnswer(await respond(request));
    const response: AxiosResponse = {
      // As text, like an answer from the network, so that axios transforms it as usual.
      data: JSON.stringify(body),
      status,
      statusText: '',
      headers: { 'content-type': 'application/json' },
      config,
      request: {},
    };
    const { validateStatus } = config;
    if (!validateStatus || validateStatus(status)) return response;
    const { AxiosError } = nestAxios;
    throw new AxiosError(
      `Request failed with status code ${status}`,
      status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE,
      config,
      response.request,
      response,
    );
  };

function toRequest(
  client: string,
  config: InternalAxiosRequestConfig,
): StubbedRequest {
  const url = nestAxios.getUri(config);
  const { pathname, searchParams } = new URL(url);
  const data: unknown = config.data;
  return {
    client,
    method: (config.method ?? 'get').toUpperCase(),
    url,
    path: pathname,
    query: searchParams,
    headers: Object.fromEntries(
      Object.entries(config.headers.toJSON()).map(([name, value]) => [
        name.toLowerCase(),
        String(value),
      ]),
    ),
    body: typeof data === 'string' ? (parseJson(data) ?? data) : data,
  };
}

export const hasNoAnswer = ({ method, path }: StubbedRequest) =>
  errorAnswer(
    501,
    'STUB_HAS_NO_ANSWER',
    `stubPortOne() has no answer to ${method} ${path}. Give it: stubPortOne(builder, { respond: (request) => ({ status: 200, body: {} }) })`,
  );
