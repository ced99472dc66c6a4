import { afterEach, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { openWitness, closeWitnesses } from '../http/witness.js';
import { closeShops, openShop } from '../../support/shop.js';

const now = Date.UTC(2026, 0, 1) / 1000;
const jwt = (claims: string): string =>
  ['{"alg":"ES256"}', claims, 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
const good = jwt(`{"iat":${now},"exp":${now + 1800}}`);
const pair = (accessToken: string, refreshToken = good) =>
  JSON.stringify({ accessToken, refreshToken });
const nested = (depth: number) =>
  '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
const life = (exp: number | string, iat: number | string = now) =>
  pair(jwt(`{"iat":${iat},"exp":${exp}}`));

/** Logs in at a server that answers with this body. Returns the result and the time of the processor. */
async function loginAnsweredWith(body: string | Buffer, headers = {}) {
  const { url: baseURL } = await openWitness((_, response) => {
    response.writeHead(200, {
      'Content-Type': 'application/json',
      ...headers,
    });
    response.end(body);
  });
  const { tokens } = await openShop({ options: { baseURL, eager: false } });
  // Processor time, so that other processes do not count.
  const startedAt = process.cpuUsage();
  const end = await tokens.getAccessToken().then(
    () => 'a token',
    ({ reason }: { reason: string }) => reason,
  );
  return { end, ms: process.cpuUsage(startedAt).user / 1000 };
}

describe('An answer of the token endpoint', () => {
  afterEach(async () => {
    await closeShops();
    closeWitnesses();
  });

  it.each<[string, string]>([
    ['a token that never expires', life('1e308')],
    ['a token that expires in the year 10000', life(253_402_300_800)],
    ['a token that lives for eleven years', life(now + 11 * 31_557_600)],
    ['a token issued in 1970', life(now + 1800, 0)],
    ['a token with a negative time', life(now + 1800, -1)],
    ['a token with fractions of seconds', life(now + 1800.5)],
    ['a token with its times as text', life(`"${now + 1800}"`)],
    [
      'a refresh token that never expires',
      pair(good, jwt(`{"iat":${now},"exp":1e308}`)),
    ],
    [
      'a token with deeply nested claims',
      pair(jwt(`{"iat":${now},"exp":${now + 1800},"x":${nested(1_500)}}`)),
    ],
    [
      'an access token that is too long for a header',
      pair(
        jwt(`{"iat":${now},"exp":${now + 1800},"x":"${'x'.repeat(16_384)}"}`),
      ),
    ],
  ])('is invalid when it has %s', async (_, body) => {
    const { end } = await loginAnsweredWith(body);
    expect(end).toBe('PORTONE_TOKEN_RESPONSE_INVALID');
  });

  it.each<[string, string | Buffer, object]>([
    ['a megabyte', pair('x'.repeat(1_048_576)), {}],
    [
      'a gzip bomb',
      gzipSync(pair('x'.repeat(20_000_000))),
      { 'Content-Encoding': 'gzip' },
    ],
    ['20,000 nested objects', nested(20_000), {}],
    ['60,000 nested lists', '['.repeat(60_000), {}],
  ])(
    'is invalid and does not block the process when it is %s',
    async (_, body, headers) => {
      const { end, ms } = await loginAnsweredWith(body, headers);
      expect(end).toBe('PORTONE_TOKEN_RESPONSE_INVALID');
      expect(ms).toBeLessThan(400);
    },
  );

  it('is accepted with further fields that PortOne may add', async () => {
    const { accessToken, refreshToken } = JSON.parse(
      life(now + 1800),
    ) as Record<string, string>;
    const body = { accessToken, refreshToken, more: { fields: [1, 2, 3] } };
    const { end } = await loginAnsweredWith(JSON.stringify(body));
    expect(end).toBe('a token');
  });
});
