import {
  Catch,
  HttpStatus,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { of, throwError, type Observable } from 'rxjs';
import {
  answerStreamCall,
  errorForTransport,
  rpcError,
  type ClientAnswer,
} from './error-for-transport.js';
import { TokenUnavailableError } from './token-unavailable.error.js';

/**
 * Turns a {@link TokenUnavailableError} into the answer 503 with `Retry-After` (whole seconds). Over gRPC the status is
 * UNAVAILABLE; over GraphQL, WebSocket and other RPC transports the answer has the same `code`. Use it with `@UseFilters` or
 * as `APP_FILTER`.
 */
@Catch(TokenUnavailableError)
export class TokenUnavailableFilter implements ExceptionFilter<TokenUnavailableError> {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: TokenUnavailableError, host: ArgumentsHost): unknown {
    const answer = answerTo(error);
    switch (host.getType<string>()) {
      case 'http':
        return this.reply(answer, host);
      case 'rpc':
        return fail(rpcError(answer, host), host);
      case 'ws':
        return emit(answer, host);
      default:
        return rethrow(answer, host, error);
    }
  }

  private reply({ body, headers }: ClientAnswer, host: ArgumentsHost): void {
    const { httpAdapter } = this.adapterHost;
    const response = host.switchToHttp().getResponse<unknown>();
    headers.forEach((value, name) => {
      httpAdapter.setHeader(response, name, value);
    });
    httpAdapter.reply(response, body, body.statusCode);
  }
}

const answerTo = (error: TokenUnavailableError): ClientAnswer => ({
  body: {
    statusCode: HttpStatus.SERVICE_UNAVAILABLE,
    code: error.code,
    message: TOKEN_UNAVAILABLE_TEXT,
  },
  headers: new Map([['retry-after', retryAfter(error)]]),
});

const fail = (error: object, host: ArgumentsHost): Observable<unknown> =>
  answerStreamCall(error, host) ? of(undefined) : throwError(() => error);

/** A WebSocket filter must send its answer itself. */
async function emit(answer: ClientAnswer, host: ArgumentsHost): Promise<void> {
  const { BaseWsExceptionFilter, WsException } =
    await import('@nestjs/websockets');
  new BaseWsExceptionFilter().catch(new WsException(answer.body), host);
}

/** In GraphQL the client gets the error that the filter throws. */
async function rethrow(
  answer: ClientAnswer,
  host: ArgumentsHost,
  error: TokenUnavailableError,
): Promise<never> {
  throw (await errorForTransport(answer, host)) ?? error;
}

/** Whole seconds, at least one, for a `Retry-After` header. */
export const retryAfter = (error: { retryAfterMs: number }): string =>
  String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));

/** The message for clients when there is no token. It is the same for every reason. */
export const TOKEN_UNAVAILABLE_TEXT =
  'The payment service cannot be reached at the moment.';
