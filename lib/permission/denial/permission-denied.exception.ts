import { HttpException } from '@nestjs/common';
import {
  retryAfter,
  TOKEN_UNAVAILABLE_TEXT,
  type PermissionDenialCode,
} from '../../errors/index.js';
import { own } from '../../portone/own.js';

/** What the caller is told about a denial. All texts are fixed. */
interface DenialText {
  readonly status: number;
  readonly message: string;
  /** `error` of the challenge (RFC 6750, section 3.1). */
  readonly error: string | undefined;
}

/** All denials. No text says which permission our own token lacks, because anonymous callers read it. */
export const DENIALS: Readonly<Record<PermissionDenialCode, DenialText>> = {
  PORTONE_SERVICE_PERMISSION_MISSING: {
    status: 403,
    message:
      'This service is not permitted to do that at the payment provider.',
    error: undefined,
  },
  PORTONE_TOKEN_UNAVAILABLE: {
    status: 503,
    message: TOKEN_UNAVAILABLE_TEXT,
    error: undefined,
  },
  PORTONE_TOKEN_MISSING: {
    status: 401,
    message: 'A Bearer access token is required.',
    error: undefined,
  },
  PORTONE_TOKEN_MALFORMED: {
    status: 400,
    message: 'The Authorization header must hold exactly one Bearer token.',
    error: 'invalid_request',
  },
  PORTONE_TOKEN_INVALID: {
    status: 401,
    message: 'The access token is not valid.',
    error: 'invalid_token',
  },
  PORTONE_TOKEN_WRONG_MERCHANT: {
    status: 401,
    message: 'The access token belongs to another merchant or store.',
    error: 'invalid_token',
  },
  PORTONE_INSUFFICIENT_PERMISSION: {
    status: 403,
    message: 'The access token lacks a permission.',
    error: 'insufficient_scope',
  },
  PORTONE_KEYS_UNAVAILABLE: {
    status: 503,
    message: 'Access tokens cannot be verified at the moment.',
    error: undefined,
  },
};

/** The details of a denial beside its code. */
export interface DenialDetail {
  /** Which check failed, for the log and the event; never a token. */
  readonly reason: string;
  /** Every permission the requirement mentions. */
  readonly scope?: readonly string[];
  /** For a denial with status 503: the milliseconds until a retry makes sense. */
  readonly retryAfterMs?: number;
}

/** Thrown by the guard: an HttpException with the body `{ statusCode, code, message }` and the headers of the answer. */
export class PermissionDeniedException extends HttpException {
  readonly reason: string;
  /** In lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Where Nest 12 keeps an exception's code; Nest 11 has no such field. */
  override readonly errorCode: PermissionDenialCode;
  /**
   * Nest, Express and Fastify recognize an error of the package http-errors by `statusCode` and `expose`. So they send the right
   * status even if another copy of @nestjs/common made this exception, for which `instanceof HttpException` is false.
   */
  readonly statusCode: number;
  readonly expose = true;

  constructor(
    readonly code: PermissionDenialCode,
    { reason, scope = [], retryAfterMs }: DenialDetail,
  ) {
    const { status, message, error } = DENIALS[code];
    super({ statusCode: status, code, message }, status);
    this.reason = reason;
    this.errorCode = code;
    this.statusCode = status;
    const headers = new Map<string, string>();
    if (status === 503 && retryAfterMs !== undefined) {
      headers.set('retry-after', retryAfter({ retryAfterMs }));
    } else if (error !== undefined || status === 401) {
      headers.set('www-authenticate', challenge(DENIALS[code], scope));
    }
    this.headers = headers;
  }

  /** Works without `instanceof`: the exception may come from another copy of this package or of @nestjs/common. */
  static is(error: unknown): error is PermissionDeniedException {
    return (
      error instanceof Error &&
      Object.hasOwn(error, 'headers') &&
      Object.hasOwn(DENIALS, String(own(error, 'code')))
    );
  }
}

/** The characters of a scope (RFC 6749, section 3.3). A name with a quote could add parameters to the header. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** The value of `WWW-Authenticate` (RFC 6750, section 3) for a caller who is denied; `scope` only with insufficient_scope. */
export function challenge(
  { error, message }: DenialText,
  scope: readonly string[],
): string {
  const parameters = ['realm="portone"'];
  if (error) {
    parameters.push(`error="${error}"`, `error_description="${message}"`);
  }
  if (error === 'insufficient_scope') {
    const names = scope.filter((name) => SCOPE_TOKEN.test(name));
    parameters.push(`scope="${[...new Set(names)].join(' ')}"`);
  }
  return `Bearer ${parameters.join(', ')}`;
}
