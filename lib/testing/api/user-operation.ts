import type { IncomingHttpHeaders } from 'node:http';
import { AuthConfigurationError } from '../../errors/auth-configuration.error.js';
import { parseJson, errorAnswer, toAnswer } from './answer.js';
import type { ApiRequest } from './api-request.js';
import type { Operation } from './operations.js';
import { PathPattern } from './path-pattern.js';

/** A request to an operation that a test has added. Its credentials and its `Idempotency-Key` are already accepted. */
export interface EmulatedRequest {
  /** In capitals, such as `POST`. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The value of each `:name` in the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The query, without the `?`. */
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The body, parsed as JSON; undefined when it is not JSON. */
  readonly body: unknown;
  /** The body as UTF-8 text. */
  readonly text: string;
}

/** Answers a request. Returns an {@link EmulatedAnswer}, or the body of a 200. May return a promise. */
export type OperationHandler = (request: EmulatedRequest) => unknown;

/** Which permission an added operation needs. */
export interface OperationOptions {
  /**
   * The permission that a token must have; `null` when any valid credentials are enough. Default: `TX_READ` for GET, `TX_UPDATE`
   * for the other methods. An operation that is public at PortOne needs no credentials.
   */
  readonly permission?: string | null;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Makes the operation that a test adds. Throws AuthConfigurationError when it could never be called. */
export function userOperation(
  method: string,
  path: string,
  handler: OperationHandler,
  { permission }: OperationOptions = {},
): Operation {
  const name = String(method).toUpperCase();
  const problem = (field: string, message: string) => {
    throw new AuthConfigurationError([{ field: `on().${field}`, message }]);
  };
  if (!METHODS.includes(name))
    problem('method', `must be one of ${METHODS.join(', ')}`);
  if (typeof path !== 'string' || !/^\/[^?#]+$/.test(path))
    problem(
      'path',
      'must begin with / and have no query, such as /payments/:paymentId',
    );
  if (/^\/(login\/api-secret|token\/refresh|\.well-known\/)/.test(path))
    problem(
      'path',
      'is one of the token endpoints, which cannot be replaced; use fail() and delay() for them',
    );
  if (typeof handler !== 'function')
    problem('handler', 'must be a function that returns the answer');
  return {
    method: name,
    pattern: new PathPattern(path),
    permission:
      permission === undefined
        ? name === 'GET'
          ? 'TX_READ'
          : 'TX_UPDATE'
        : (permission ?? undefined),
    answer: async (request) => toAnswer(await handler(forHandler(request))),
  };
}

/** The answer when a handler throws. That is a mistake in the test, so it must not look like an answer of PortOne. */
export const handlerFailed = (method: string, path: string, error: unknown) =>
  errorAnswer(
    500,
    'EMULATOR_HANDLER_FAILED',
    `The handler of PortOneEmulator.on() for ${method} ${path} threw an error: ${
      error instanceof Error ? error.message : String(error)
    }`,
  );

function forHandler(request: ApiRequest): EmulatedRequest {
  const { method, path, params, query, headers } = request;
  const text = request.body.toString();
  return { method, path, params, query, headers, text, body: parseJson(text) };
}
