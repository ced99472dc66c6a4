import {
  Catch,
  HttpStatus,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { TokenUnavailableError } from './token-unavailable.error.js';

/**
 * Answers 503 with `Retry-After` (whole seconds) when a call failed for want of a token. Opt in with `@UseFilters`
 * or as `APP_FILTER`. Outside HTTP it throws the error on.
 */
@Catch(TokenUnavailableError)
export class TokenUnavailableFilter implements ExceptionFilter<TokenUnavailableError> {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: TokenUnavailableError, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const { httpAdapter } = this.adapterHost;
    const response = host.switchToHttp().getResponse<unknown>();
    httpAdapter.setHeader(response, 'Retry-After', retryAfter(error));
    httpAdapter.reply(
      response,
      {
        statusCode: HttpStatus.SERVICE_UNAVAILABLE,
        code: error.code,
        message: TOKEN_UNAVAILABLE_TEXT,
      },
      HttpStatus.SERVICE_UNAVAILABLE,
    );
  }
}

/** Whole seconds, at least one, for a `Retry-After` header. */
export const retryAfter = (error: { retryAfterMs: number }): string =>
  String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));

/** What callers are told when there is no token: a fixed text, whatever happened. */
export const TOKEN_UNAVAILABLE_TEXT =
  'The payment service cannot be reached at the moment.';
