import { describe, expect, it } from '@jest/globals';
import { HttpException } from '@nestjs/common';
import { PermissionDeniedException } from '../../../lib/permission/denial/permission-denied.exception.js';
import { TokenUnavailableError } from '../../../lib/index.js';

const denied = new PermissionDeniedException('PORTONE_TOKEN_MISSING', {
  reason: 'the request has no Bearer token',
});

describe('A denial', () => {
  it('has its code as errorCode, like exceptions of Nest 12, and as code in the body', () => {
    expect(denied).toBeInstanceOf(HttpException);
    expect(denied.errorCode).toBe('PORTONE_TOKEN_MISSING');
    expect(denied.getResponse()).toEqual({
      statusCode: 401,
      code: 'PORTONE_TOKEN_MISSING',
      message: 'A Bearer access token is required.',
    });
  });

  it('is recognized, but not another error with the same code', () => {
    const error = new TokenUnavailableError('PORTONE_TOKEN_STATUS', 1, 'x');
    expect(PermissionDeniedException.is(error)).toBe(false);
    expect(PermissionDeniedException.is(denied)).toBe(true);
  });
});
