import { HttpException, HttpStatus } from '@nestjs/common';
import { isAxiosError } from 'axios';
import { isPortOneAuthError } from 'nestjs-portone-auth';

/** Statuses of errors that the caller caused and may see. Every other error of PortOne becomes a 502. */
const CALLER_ERRORS: readonly number[] = [
  HttpStatus.BAD_REQUEST,
  HttpStatus.NOT_FOUND,
  HttpStatus.CONFLICT,
];

/** Turns a failed call to PortOne into the shop's own answer. Any other error stays as it is. */
export function toHttpException(error: unknown): unknown {
  // Without a token nothing was sent, so the caller can safely try again later.
  if (isPortOneAuthError(error)) {
    return answer(HttpStatus.SERVICE_UNAVAILABLE, error.code);
  }
  if (!isAxiosError<{ type?: unknown }>(error)) return error;
  const { response } = error;
  // The request was sent, but its answer did not arrive: PortOne may have cancelled. The same Idempotency-Key makes a retry safe.
  if (!response || response.status < 400) {
    return answer(HttpStatus.GATEWAY_TIMEOUT, 'PAYMENT_OUTCOME_UNKNOWN');
  }
  if (CALLER_ERRORS.includes(response.status)) {
    const type = response.data?.type;
    return answer(
      response.status,
      typeof type === 'string' ? type : 'PAYMENT_REFUSED',
    );
  }
  return answer(HttpStatus.BAD_GATEWAY, 'PAYMENT_PROVIDER_FAILED');
}

const answer = (statusCode: number, code: string): HttpException =>
  new HttpException({ statusCode, code }, statusCode);
