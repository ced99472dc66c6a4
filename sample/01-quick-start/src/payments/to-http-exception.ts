import { HttpException, HttpStatus } from '@nestjs/common';
import { isAxiosError } from 'axios';
import { isPortOneAuthError } from 'nestjs-portone-auth';

/** Errors that the caller caused and may see. Every other error of PortOne becomes a 502. */
const PASSED_ON: readonly number[] = [
  HttpStatus.BAD_REQUEST,
  HttpStatus.NOT_FOUND,
  HttpStatus.CONFLICT,
];

/** Turns a failed call to PortOne into the shop's own answer. Any other error stays as it is. */
export function toHttpException(error: unknown): unknown {
  // No token, so nothing was sent: the caller may simply try again later.
  if (isPortOneAuthError(error)) {
    return answer(HttpStatus.SERVICE_UNAVAILABLE, error.code);
  }
  if (!isAxiosError<{ type?: unknown }>(error)) return error;
  const { response } = error;
  // Sent, but without a whole answer: a cancellation may have happened. The same Idempotency-Key makes a retry safe.
  if (!response || response.status < 400) {
    return answer(HttpStatus.GATEWAY_TIMEOUT, 'PAYMENT_OUTCOME_UNKNOWN');
  }
  if (PASSED_ON.includes(response.status)) {
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
