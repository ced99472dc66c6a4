import { Catch, Logger, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { isAxiosError } from 'axios';
import { toHttpException } from './to-http-exception.js';

/** Answers a failed call to PortOne with an HTTP status. Catches every error, because axios errors share a mark but no class. */
@Catch()
export class PaymentErrorFilter extends BaseExceptionFilter {
  private readonly logger = new Logger(PaymentErrorFilter.name);

  override catch(error: unknown, host: ArgumentsHost): void {
    if (isAxiosError(error)) {
      const { method, url } = error.config ?? {};
      this.logger.warn(
        `PortOne: ${method?.toUpperCase()} ${url}: ${error.message}`,
      );
    }
    super.catch(toHttpException(error), host);
  }
}
