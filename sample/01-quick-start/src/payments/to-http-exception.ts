import { HttpException, HttpStatus } from '@nestjs/common';
import { isAxiosError } from 'axios';
import { isPortOneAuthError } from 'nestjs-portone-auth';

/** What the caller caused and may know; every other refusal of PortOne's is ours to explain. */
const PASSED_ON: readonly number[] = [
  HttpStatus.BAD_REQUEST,
  HttpStatus.NOT_FOUND,
  HttpStatus.CONFLICT,
];

/** Turns what a call to PortOne ended with into the shop's own answer; anything else is handed back as it is. */
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
