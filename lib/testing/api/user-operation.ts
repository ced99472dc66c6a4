import type { IncomingHttpHeaders } from 'node:http';
import { AuthConfigurationError } from '../../errors/auth-configuration.error.js';
import { parseJson, errorAnswer, toAnswer } from './answer.js';
import type { ApiRequest } from './api-request.js';
import type { Operation } from './operations.js';
import { PathPattern } from './path-pattern.js';

/** A request to an operation that a test has added, once its credentials and its `Idempotency-Key` are accepted. */
export interface EmulatedRequest {
  /** In capitals, such as `POST`. */
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The parts of the path at each `:name`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The query, without the `?`. */
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The body read as JSON; undefined when it is not JSON. */
  readonly body: unknown;
  /** The body as it was sent, in UTF-8. */
  readonly text: string;
}

/** Answers one operation: with an {@link EmulatedAnswer}, or with the body of a 200. */
export type OperationHandler = (request: EmulatedRequest) => unknown;

/** How an added operation is guarded. */
export interface OperationOptions {
  /**
   * The permission that a token must carry; `null` when any credentials are enough. Default `TX_READ` for GET and `TX_UPDATE` for the other
   * methods. PortOne's public operations ask for neither.
   */
  readonly permission?: string | null;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** An operation that a test adds. Throws AuthConfigurationError when it could never be called. */
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
    problem('path', 'must begin with / and have no query, as /payments/:id');
  if (/^\/(login\/api-secret|token\/refresh|\.well-known\/)/.test(path))
    problem('path', 'belongs to the tokens: use fail() and delay() for it');
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

/** The answer when a handler has thrown. It is a mistake in the test, and must not look like an answer of PortOne. */
export const handlerFailed = (method: string, path: string, error: unknown) =>
  errorAnswer(
    500,
    'EMULATOR_HANDLER_FAILED',
    `The handler that a test gave PortOneEmulator.on() for ${method} ${path} threw: ${
      error instanceof Error ? error.message : String(error)
    }`,
  );

function forHandler(request: ApiRequest): EmulatedRequest {
  const { method, path, params, query, headers } = request;
  const text = request.body.toString();
  return { method, path, params, query, headers, text, body: parseJson(text) };
}
