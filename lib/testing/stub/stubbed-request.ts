import type {
  AxiosAdapter,
  AxiosResponse,
  InternalAxiosRequestConfig,
} from 'axios';
import { nestAxios } from '../../http/nest-axios.js';
import { parseJson, errorAnswer, toAnswer } from '../api/answer.js';

/** What was sent through `HttpService` or the fetch of PortOne. */
export interface StubbedRequest {
  /** The name of the client; `default` for the default one. */
  readonly client: string;
  /** In capitals, such as `POST`. */
  readonly method: string;
  /** The whole URL. */
  readonly url: string;
  /** Without origin and query. */
  readonly path: string;
  /** The query, without the `?`. */
  readonly query: URLSearchParams;
  /** Names in lower case; `authorization` holds the token that was made up. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body: read as JSON where it is JSON; else as it was given to axios, or by its type from fetch: text, form, bytes. */
  readonly body: unknown;
}

/** A function of a test that answers in the place of PortOne. */
export type Respond = (request: StubbedRequest) => unknown;

/** An axios adapter that sends nothing: a function answers. */
export const stubbedAdapter =
  (client: string, respond: Respond = hasNoAnswer): AxiosAdapter =>
  async (config) => {
    const request = toRequest(client, config);
    const { status, body } = toAnswer(await respond(request));
    const response: AxiosResponse = {
      // As text, as from the network: axios then transforms the answer as usual.
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
