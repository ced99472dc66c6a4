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

/** What a login costs whose answer has this body, and how it ends. */
async function loginAnsweredWith(body: string | Buffer, headers = {}) {
  const { url: baseURL } = await openWitness((_, response) => {
    response.writeHead(200, {
      'Content-Type': 'application/json',
      ...headers,
    });
    response.end(body);
  });
  const { tokens } = await openShop({ options: { baseURL, eager: false } });
  // The processor's time, not the clock's: other processes do not count.
  const startedAt = process.cpuUsage();
  const end = await tokens.getAccessToken().then(
    () => 'a token',
    ({ reason }: { reason: string }) => reason,
  );
  return { end, ms: process.cpuUsage(startedAt).user / 1000 };
}

describe('An answer of the token endpoint is no token when it', () => {
  afterEach(async () => {
    await closeShops();
    closeWitnesses();
  });

  it.each<[string, string]>([
    ['never ends', life('1e308')],
    ['ends in the year 10000', life(253_402_300_800)],
    ['lives for eleven years', life(now + 11 * 31_557_600)],
    ['began in 1970', life(now + 1800, 0)],
    ['has a negative time', life(now + 1800, -1)],
    ['has fractions of seconds', life(now + 1800.5)],
    ['has its times as text', life(`"${now + 1800}"`)],
    [
      'has a refresh token without an end',
      pair(good, jwt(`{"iat":${now},"exp":1e308}`)),
    ],
    [
      'nests its claims without end',
      pair(jwt(`{"iat":${now},"exp":${now + 1800},"x":${nested(1_500)}}`)),
    ],
    [
      'has an access token that no header can carry',
      pair(
        jwt(`{"iat":${now},"exp":${now + 1800},"x":"${'x'.repeat(16_384)}"}`),
      ),
    ],
  ])('%s', async (_, body) => {
    const { end } = await loginAnsweredWith(body);
    expect(end).toBe('PORTONE_TOKEN_RESPONSE_INVALID');
  });

  it.each<[string, string | Buffer, object]>([
    ['is a megabyte', pair('x'.repeat(1_048_576)), {}],
    [
      'is a bomb',
      gzipSync(pair('x'.repeat(20_000_000))),
      { 'Content-Encoding': 'gzip' },
    ],
    ['is 20,000 objects within each other', nested(20_000), {}],
    ['is 60,000 lists within each other', '['.repeat(60_000), {}],
  ])('%s, which costs no stall', async (_, body, headers) => {
    const { end, ms } = await loginAnsweredWith(body, headers);
    expect(end).toBe('PORTONE_TOKEN_RESPONSE_INVALID');
    expect(ms).toBeLessThan(400);
  });

  it('is accepted with whatever else PortOne may add', async () => {
    const { accessToken, refreshToken } = JSON.parse(
      life(now + 1800),
    ) as Record<string, string>;
    const body = { accessToken, refreshToken, more: { fields: [1, 2, 3] } };
    const { end } = await loginAnsweredWith(JSON.stringify(body));
    expect(end).toBe('a token');
  });
});
