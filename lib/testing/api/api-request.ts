import type { IncomingHttpHeaders } from 'node:http';
import { invalid, parseObject, type Answer } from './answer.js';
import { problemsWith } from './facts/check-shape.js';

/** A request whose body has arrived. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request to one operation of the API. */
export interface ApiRequest extends ReceivedRequest {
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The values of the path parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** Splits a request target at its first question mark. */
export function splitUrl(url: string): [path: string, query: string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

/** Parses a JSON body that must have the documented shape. Gives the 400 that names each mistake when it does not. */
export function readBody<Body extends object>(
  text: string,
  shape: string,
): { body: Body } | { failure: Answer } {
  const body = parseObject(text);
  if (!body) return { failure: invalid('The body must be a JSON object.') };
  const problems = problemsWith(shape, body, 'open');
  return problems.length === 0
    ? { body: body as Body }
    : {
        failure: invalid(
          problems
            .map(({ field, message }) => `${field} ${message}`)
            .join('; '),
        ),
      };
}

/** The filter of a list operation, as JSON: the query parameter `requestBody`, or the body of the GET. */
export function queryOrBody(request: ApiRequest): string | Answer {
  const inQuery = request.query.getAll('requestBody');
  const sent = request.body.toString();
  if (inQuery.length + (sent ? 1 : 0) > 1)
    return invalid('Give requestBody once: in the query or as the body.');
  return inQuery[0] ?? (sent || '{}');
}
