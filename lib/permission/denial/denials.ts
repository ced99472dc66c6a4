import {
  TOKEN_UNAVAILABLE_TEXT,
  type PermissionDenialCode,
} from '../../errors/index.js';

/** What a client is told about a denial: fixed texts, whatever happened. */
export interface DenialText {
  readonly status: number;
  readonly message: string;
  /** `error` of the challenge (RFC 6750, section 3.1). */
  readonly error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope';
}

/** Every denial there is. An anonymous caller never learns what our own token lacks. */
export const DENIALS: Readonly<Record<PermissionDenialCode, DenialText>> = {
  PORTONE_SERVICE_PERMISSION_MISSING: {
    status: 403,
    message:
      'This service is not permitted to do that at the payment provider.',
  },
  PORTONE_TOKEN_UNAVAILABLE: {
    status: 503,
    message: TOKEN_UNAVAILABLE_TEXT,
  },
  PORTONE_TOKEN_MISSING: {
    status: 401,
    message: 'A Bearer access token is required.',
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
  },
};
