import { describe, expect, it } from '@jest/globals';
import { apiSecret, problemsOf } from './problems-of.js';

describe('The message about a bad origin', () => {
  it.each([
    ['', 'it is empty'],
    ['undefined', 'it is undefined: is the environment variable set'],
    [new URL('https://api.portone.io'), 'not a text'],
    ['"https://api.portone.io"', 'a blank or a quote'],
    ['https://api.portone.io\n', 'a blank or a quote'],
    ['api.portone.io', 'does not begin with https://'],
    ['localhost:3000', 'does not begin with https://'],
    ['wss://api.portone.io', 'begins with wss://'],
    ['http://portone:3000', 'begins with http://'],
    ['https://api.portone.io:99999', 'host or port'],
    ['https://user:canary@api.portone.io', 'a user or a password'],
    ['https://api.portone.io?x=canary', 'a ?, a #'],
  ])('says what is wrong with the baseURL %s', (baseURL, why) => {
    const problems = problemsOf({ apiSecret, baseURL });
    expect(problems).toEqual({ baseURL: expect.stringContaining(why) });
    expect(JSON.stringify(problems)).not.toContain('canary');
  });

  it('says that a baseURL must have no path', () => {
    const baseURL = 'https://api.portone.io/v2';
    expect(problemsOf({ apiSecret, baseURL })).toEqual({
      baseURL: expect.stringContaining('without a path'),
    });
    const slash = 'https://api.portone.io/';
    expect(problemsOf({ apiSecret, baseURL: slash })).toEqual({});
  });

  it.each([
    ['*', '`*`'],
    ['https://*.portone.io', '`*`'],
    ['https://api.portone.io/payments', 'without a path'],
    ['http://api.portone.io', 'https'],
  ])('says why an allowed origin cannot be %s', (origin, why) => {
    const allowedOrigins = ['https://ok.test', origin];
    expect(problemsOf({ apiSecret, allowedOrigins })).toEqual({
      allowedOrigins: expect.stringMatching(/^no\. 2 /),
    });
    expect(
      problemsOf({ apiSecret, allowedOrigins })['allowedOrigins'],
    ).toContain(why);
  });
});
