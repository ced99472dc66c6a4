import { describe, expect, it } from '@jest/globals';
import {
  callerToken,
  type RequestHeaders,
} from '../../../lib/permission/caller-token.js';

const codeOf = (request: RequestHeaders | undefined): unknown => {
  try {
    return callerToken(request);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("The caller's token", () => {
  it.each<[string, RequestHeaders | undefined, string]>([
    ['no request', undefined, 'PORTONE_TOKEN_MISSING'],
    ['no headers', {}, 'PORTONE_TOKEN_MISSING'],
    [
      'an inherited header',
      { headers: Object.create({ authorization: 'Bearer abc' }) as object },
      'PORTONE_TOKEN_MISSING',
    ],
    [
      'a list of headers',
      { headers: { authorization: ['Bearer abc'] } },
      'PORTONE_TOKEN_MALFORMED',
    ],
    [
      'a header sent twice, of which Node keeps the first',
      {
        headers: { authorization: 'Bearer abc' },
        rawHeaders: [
          'Authorization',
          'Bearer abc',
          'AUTHORIZATION',
          'Bearer x',
        ],
      },
      'PORTONE_TOKEN_MALFORMED',
    ],
    [
      'a header sent twice behind Fastify',
      {
        headers: { authorization: 'Bearer abc' },
        raw: { rawHeaders: ['authorization', 'a', 'authorization', 'b'] },
      },
      'PORTONE_TOKEN_MALFORMED',
    ],
    [
      'a value that only looks like the name',
      {
        headers: { authorization: 'Bearer abc' },
        rawHeaders: ['X', 'authorization', 'Authorization', 'Bearer abc'],
      },
      'abc',
    ],
    [
      'a tab in place of the blank',
      { headers: { authorization: 'Bearer\tabc' } },
      'PORTONE_TOKEN_MALFORMED',
    ],
    [
      'a line break after the token',
      { headers: { authorization: 'Bearer abc\n' } },
      'PORTONE_TOKEN_MALFORMED',
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
