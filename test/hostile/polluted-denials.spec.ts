import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, UnauthorizedException } from '@nestjs/common';
import { generateKeyPair, SignJWT } from 'jose';
import { RequirePermission } from '../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  platforms,
  verifyingBy,
  type Platform,
} from '../e2e/permission/guarded-app.js';
import { polluted } from '../support/polluted.js';

@Controller()
class Payments {
  @Get('callers')
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  callers() {
    return 'let in';
  }

  @Get('own')
  @RequirePermission('TX_UPDATE')
  own() {
    return 'let in';
  }

  /** Shows whether Nest's own denial works in such a process. */
  @Get('plain')
  plain() {
    throw new UnauthorizedException();
  }
}

/** Names of properties that Node, Nest, axios, jose, RxJS or this package read from objects. */
const NAMES = `
  header type stack with default lookup family httpAgent timeout encoding
  raw error zip crit hash secret signal ciphers headers rawHeaders status
  statusCode code message expose errorCode reason scope retryAfterMs
  response cause options answer setHeader sendMetadata metadata kid alg
  typ b64 jwk jku x5c x5u kty crv ext use key_ops key keys algorithms
  issuer audience subject clockTolerance maxTokenAge currentDate iat nbf
  exp iss aud name client source expressions allOf anyOf permissions
  merchant_id store_id token verdict format context logger first each
  scheduler proxy toJSON extensions http failed
`
  .trim()
  .split(/\s+/);
const VALUES: [string, unknown][] = [
  ['a text', 'polluted'],
  ['an object', { polluted: true }],
  ['a number', 1],
  ['a function', () => 'polluted'],
];

async function openApp(platform: Platform) {
  const { ask, portone } = await openGuardedApp({
    platform,
    controllers: [Payments],
    permissions: verifyingBy(),
    emulator: { permissions: [] },
  });
  const stranger = await generateKeyPair('ES256');
  const forged = await new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: 'unknown' })
    .sign(stranger.privateKey);
  const { merchantId: merchant_id } = portone;
  const tokenOf = (merchant_service: object) =>
    portone.issueAccessToken({ merchant_service });
  const wrong = await tokenOf({ merchant_id: 'x', permissions: ['TX_READ'] });
  const poor = await tokenOf({ merchant_id, permissions: [] });
  const statuses = async () => ({
    plain: (await ask('/plain')).status,
    denials: [
      (await ask('/callers')).status,
      (await ask('/callers', 'Bearer a b')).status,
      (await ask('/callers', 'Bearer a.b.c')).status,
      (await ask('/callers', `Bearer ${forged}`)).status,
      (await ask('/callers', `Bearer ${wrong}`)).status,
      (await ask('/callers', `Bearer ${poor}`)).status,
      (await ask('/own')).status,
    ],
  });
  return statuses;
}

const isDenied = (status: number) => [400, 401, 403, 503].includes(status);

describe.each(platforms)(
  'While Object.prototype is polluted, on %s',
  (platform) => {
    afterEach(closeGuardedApps);

    it.each(VALUES)(
      'a denied request stays denied, when any of the names is %s',
      async (_, value) => {
        const statuses = await openApp(platform);
        expect((await statuses()).denials).toEqual([
          401, 400, 401, 401, 401, 403, 403,
        ]);
        const broken: string[] = [];
        for (const name of NAMES) {
          const { plain, denials } = await polluted(
            { [name]: value },
            statuses,
          );
          // Skips a name that breaks Nest's own denial, because then ours cannot work either.
          if (plain === 401 && !denials.every(isDenied)) {
            broken.push(`${name}: ${denials.join()}`);
          }
        }
        expect(broken).toEqual([]);
      },
      60_000,
    );
  },
);
