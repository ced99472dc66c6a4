import { describe, expect, it } from '@jest/globals';
import {
  callerToken,
  type RequestHeaders,
} from '../../../lib/permission/caller/caller-token.js';
import type { PermissionDeniedException } from '../../../lib/permission/denial/permission-denied.exception.js';

const codeOf = (request: RequestHeaders | undefined): unknown => {
  try {
    return callerToken(request);
  } catch (error) {
    const { code, reason } = error as PermissionDeniedException;
    return `${code}: ${reason}`;
  }
};

describe("The result of reading the caller's token", () => {
  it.each<[string, RequestHeaders | undefined, string]>([
    [
      'no request',
      undefined,
      'PORTONE_TOKEN_MISSING: the request has no Bearer token',
    ],
    [
      'no headers',
      {},
      'PORTONE_TOKEN_MISSING: the request has no Bearer token',
    ],
    [
      'an inherited header',
      { headers: Object.create({ authorization: 'Bearer abc' }) as object },
      'PORTONE_TOKEN_MISSING: the request has no Bearer token',
    ],
    [
      'a list of headers',
      { headers: { authorization: ['Bearer abc'] } },
      'PORTONE_TOKEN_MALFORMED: there are several Authorization headers',
    ],
    [
      'a header sent twice, where Node keeps the first',
      {
        headers: { authorization: 'Bearer abc' },
        rawHeaders: [
          'Authorization',
          'Bearer abc',
          'AUTHORIZATION',
          'Bearer x',
        ],
      },
      'PORTONE_TOKEN_MALFORMED: there are several Authorization headers',
    ],
    [
      'a header sent twice behind Fastify',
      {
        headers: { authorization: 'Bearer abc' },
        raw: { rawHeaders: ['authorization', 'a', 'authorization', 'b'] },
      },
      'PORTONE_TOKEN_MALFORMED: there are several Authorization headers',
    ],
    [
      'a header value that looks like the header name',
      {
        headers: { authorization: 'Bearer abc' },
        rawHeaders: ['X', 'authorization', 'Authorization', 'Bearer abc'],
      },
      'abc',
    ],
    [
      'other headers whose names contain Authorization',
      {
        headers: { authorization: 'Bearer abc' },
        rawHeaders: [
          ['X-Authorization', 'Bearer x'],
          ['Authorization', 'Bearer abc'],
          ['Authorization-Info', 'Bearer y'],
        ].flat(),
      },
      'abc',
    ],
    [
      'a tab instead of the space',
      { headers: { authorization: 'Bearer\tabc' } },
      'PORTONE_TOKEN_MALFORMED: the Bearer token is not one b64token (RFC 6750)',
    ],
    [
      'a line break after the token',
      { headers: { authorization: 'Bearer abc\n' } },
      'PORTONE_TOKEN_MALFORMED: the Bearer token is not one b64token (RFC 6750)',
    ],
    [
      'more than 8 KiB',
      { headers: { authorization: `Bearer ${'a'.repeat(8193)}` } },
      'PORTONE_TOKEN_MALFORMED: the token is longer than 8 KiB',
    ],
    [
      'a number instead of a header',
      { headers: { authorization: 5 } },
      'PORTONE_TOKEN_MISSING: the request has no Bearer token',
    ],
    [
      'every character of a b64token',
      { headers: { authorization: 'Bearer aZ09-._~+/==' } },
      'aZ09-._~+/==',
    ],
  ])('of %s', (_, request, expected) => {
    expect(codeOf(request)).toBe(expected);
  });
});
