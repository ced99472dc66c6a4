import { HttpException } from '@nestjs/common';
import { retryAfter, type PermissionDenialCode } from '../../errors/index.js';
import { challenge } from './challenge.js';
import { DENIALS } from './denials.js';

/** What more there is to say about a denial than its code. */
export interface DenialDetail {
  /** Which check failed, for the log and the event; never a token. */
  readonly reason: string;
  /** Every permission the requirement mentions. */
  readonly scope?: readonly string[];
  /** Milliseconds until it is worth trying again; for the denials with status 503. */
  readonly retryAfterMs?: number;
}

/** The guard's no: the body `{ statusCode, code, message }`, and the headers that belong to its status. */
export class PermissionDeniedException extends HttpException {
  readonly reason: string;
  /** In lower case. */
  readonly headers: ReadonlyMap<string, string>;

  constructor(
    readonly code: PermissionDenialCode,
    { reason, scope, retryAfterMs }: DenialDetail,
  ) {
    const text = DENIALS[code];
    const { status, message } = text;
    super({ statusCode: status, code, message }, status);
    this.reason = reason;
    const headers = new Map<string, string>();
    if (retryAfterMs !== undefined) {
      headers.set('retry-after', retryAfter({ retryAfterMs }));
    } else if (text.error || status === 401) {
      headers.set('www-authenticate', challenge(text, scope));
    }
    this.headers = headers;
  }

  /** Holds for the exception of a second copy of this package as well. */
  static is(error: unknown): error is PermissionDeniedException {
    return (
      error instanceof HttpException &&
      'code' in error &&
      Object.hasOwn(DENIALS, String(error.code))
    );
  }
}
