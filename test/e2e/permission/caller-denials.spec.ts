import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { RequirePermission } from '../../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  platforms,
  verifyingBy,
} from './guarded-app.js';

@Controller('payments')
@RequirePermission({ source: 'caller' }, 'TX_READ')
class Payments {
  @Get()
  list() {
    return { list: true };
  }

  @Get('refunds')
  @RequirePermission({ source: 'caller' }, 'TX_UPDATE', {
    anyOf: ['RECON_READ', 'TX_UPDATE', 'RECON_UPDATE'],
  })
  refunds() {
    return { refunds: true };
  }
}

const body = (statusCode: number, code: string, message: string): string =>
  JSON.stringify({ statusCode, code, message });

const missing = {
  status: 401,
  challenge: 'Bearer realm="portone"',
  body: body(
    401,
    'PORTONE_TOKEN_MISSING',
    'A Bearer access token is required.',
  ),
};
const malformed = {
  status: 400,
  challenge:
    'Bearer realm="portone", error="invalid_request", error_description="The Authorization header must hold exactly one Bearer token."',
  body: body(
    400,
    'PORTONE_TOKEN_MALFORMED',
    'The Authorization header must hold exactly one Bearer token.',
  ),
};
const invalid = {
  status: 401,
  challenge:
    'Bearer realm="portone", error="invalid_token", error_description="The access token is not valid."',
  body: body(401, 'PORTONE_TOKEN_INVALID', 'The access token is not valid.'),
};
const wrongMerchant = {
  status: 401,
  challenge:
    'Bearer realm="portone", error="invalid_token", error_description="The access token belongs to another merchant or store."',
  body: body(
    401,
    'PORTONE_TOKEN_WRONG_MERCHANT',
    'The access token belongs to another merchant or store.',
  ),
};
const insufficient = (scope: string) => ({
  status: 403,
  challenge: `Bearer realm="portone", error="insufficient_scope", error_description="The access token lacks a permission.", scope="${scope}"`,
  body: body(
    403,
    'PORTONE_INSUFFICIENT_PERMISSION',
    'The access token lacks a permission.',
  ),
});

describe.each(platforms)('A caller on %s', (platform) => {
  afterEach(closeGuardedApps);

  const openApp = () =>
    openGuardedApp({
      platform,
      controllers: [Payments],
      permissions: verifyingBy(),
    });

  const long = (length: number): string => `Bearer ${'a'.repeat(length)}`;

  it.each([
    ['no header', undefined, missing],
    ['another scheme', 'Basic YTpi', missing],
    ['a scheme that begins with Bearer', 'BearerToken abc', missing],
    ['an empty header', '', missing],
    ['no token', 'Bearer', malformed],
    ['two tokens', 'Bearer a b', malformed],
    ['characters that a b64token must not have', 'Bearer a,b', malformed],
    ['padding in the middle', 'Bearer a=b', malformed],
    ['a quoted token', 'Bearer "abc"', malformed],
    ['two headers', ['Bearer a', 'Bearer a'], malformed],
    ['two headers of different schemes', ['Basic YTpi', 'Bearer a'], malformed],
    ['8 KiB and one character', long(8193), malformed],
    ['8 KiB', long(8192), invalid],
    ['a token that is no JWT', 'Bearer abc', invalid],
    ['a lower-case scheme', 'bearer abc', invalid],
    ['several spaces', 'Bearer   abc', invalid],
    ['spaces and a tab at the end', 'Bearer abc \t ', invalid],
  ])(
    'with %s gets the documented status, challenge and body',
    async (_, header, expected) => {
      const { ask } = await openApp();
      const got = await ask('/payments', header);
      expect([got.status, got.headers['www-authenticate'], got.body]).toEqual([
        expected.status,
        expected.challenge,
        expected.body,
      ]);
      const head = await ask('/payments', header, 'HEAD');
      expect([
        head.status,
        head.headers['www-authenticate'],
        head.body,
      ]).toEqual([expected.status, expected.challenge, '']);
    },
  );

  it('with a valid token is allowed, in upper or lower case of the scheme and with extra spaces', async () => {
    const { ask, portone } = await openApp();
    const token = await portone.issueAccessToken();
    for (const header of [`Bearer ${token}`, `bEARER  ${token}  `]) {
      const { status, headers, body } = await ask('/payments', header);
      expect([status, body]).toEqual([200, '{"list":true}']);
      expect(headers['www-authenticate']).toBeUndefined();
    }
  });

  it('without a permission gets the names in the unmet requirement as scope, in order, each once', async () => {
    const { ask, portone } = await openApp();
    portone.setPermissions(['RECON_READ']);
    const nothing = `Bearer ${await portone.issueAccessToken()}`;
    portone.setPermissions(['TX_READ']);
    const reader = `Bearer ${await portone.issueAccessToken()}`;
    portone.setPermissions(['TX_READ', 'RECON_READ']);
    const half = `Bearer ${await portone.issueAccessToken()}`;
    const answers = [
      await ask('/payments', nothing),
      await ask('/payments/refunds', reader),
      await ask('/payments/refunds', half),
    ];
    expect(
      answers.map(({ status, headers, body: text }) => ({
        status,
        challenge: headers['www-authenticate'],
        body: text,
      })),
    ).toEqual([
      insufficient('TX_READ'),
      insufficient('TX_UPDATE RECON_READ RECON_UPDATE'),
      insufficient('TX_UPDATE RECON_READ RECON_UPDATE'),
    ]);
  });

  it('of another merchant is denied although the signature is valid', async () => {
    const { ask, portone } = await openApp();
    const claims = {
      merchant_service: {
        merchant_id: 'merchant-other',
        permissions: ['TX_READ'],
      },
    };
    const token = await portone.issueAccessToken(claims);
    const {
      status,
      headers,
      body: text,
    } = await ask('/payments', `Bearer ${token}`);
    expect({
      status,
      challenge: headers['www-authenticate'],
      body: text,
    }).toEqual(wrongMerchant);
  });

  it('gets 503 with Retry-After and no challenge while keys are unavailable', async () => {
    const { ask, events, portone } = await openApp();
    portone.fail('jwks', { kind: 'status', status: 500 });
    const token = await portone.issueAccessToken();
    const {
      status,
      headers,
      body: text,
    } = await ask('/payments', `Bearer ${token}`);
    expect([status, headers['retry-after'], text]).toEqual([
      503,
      '30',
      body(
        503,
        'PORTONE_KEYS_UNAVAILABLE',
        'Access tokens cannot be verified at the moment.',
      ),
    ]);
    const reason = 'the JWKS could not be fetched';
    expect(events.at(-1)).toMatchObject({ reason });
    expect(headers['www-authenticate']).toBeUndefined();
  });

  it('gets 503 while our own token is unavailable and no merchantId is configured', async () => {
    const { ask, events, portone, tokens } = await openGuardedApp({
      platform,
      controllers: [Payments],
      options: { eager: false },
      permissions: ({ jwksUri }) => ({ verification: { jwksUri } }),
    });
    const token = await portone.issueAccessToken();
    portone.fail('tokens', { kind: 'status', status: 503, retryAfter: 20 });
    const denied = await ask('/payments', `Bearer ${token}`);
    expect([denied.status, denied.headers['retry-after'], denied.body]).toEqual(
      [
        503,
        String(Math.ceil(tokens.snapshot().renewsInMs! / 1000)),
        body(
          503,
          'PORTONE_TOKEN_UNAVAILABLE',
          'The payment service cannot be reached at the moment.',
        ),
      ],
    );
    const reason = 'our own token is unavailable';
    expect(events.at(-1)).toMatchObject({ reason });
    expect(denied.headers['www-authenticate']).toBeUndefined();
  });
});
