import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import {
  allOf,
  anyOf,
  RequirePermission,
  SkipPermissionCheck,
} from '../../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  platforms,
  verifyingBy,
} from './guarded-app.js';

@Controller()
@RequirePermission('TX_READ')
class Payments {
  @Get('read')
  read() {
    return 'read';
  }

  @Get('both')
  @RequirePermission('TX_UPDATE')
  both() {
    return 'both';
  }

  @Get('any')
  @RequirePermission(anyOf('TX_UPDATE', allOf('TX_READ', 'RECON_READ')))
  any() {
    return 'any';
  }

  @Get('pair')
  @RequirePermission('RECON_READ', 'RECON_UPDATE')
  pair() {
    return 'pair';
  }

  @RequirePermission('RECON_READ')
  @Get('stacked')
  @RequirePermission('RECON_UPDATE')
  stacked() {
    return 'stacked';
  }

  @Get('open')
  @SkipPermissionCheck()
  open() {
    return 'open';
  }
}

const denied = JSON.stringify({
  statusCode: 403,
  code: 'PORTONE_SERVICE_PERMISSION_MISSING',
  message: 'This service is not permitted to do that at the payment provider.',
});
const unavailable = JSON.stringify({
  statusCode: 503,
  code: 'PORTONE_TOKEN_UNAVAILABLE',
  message: 'The payment service cannot be reached at the moment.',
});

describe.each(platforms)('Our own token on %s', (platform) => {
  afterEach(closeGuardedApps);

  it.each([
    [['TX_READ'], ['read', 'open']],
    [['TX_UPDATE'], ['open']],
    [
      ['TX_READ', 'TX_UPDATE'],
      ['read', 'both', 'any', 'open'],
    ],
    [
      ['TX_READ', 'RECON_READ'],
      ['read', 'any', 'open'],
    ],
    [
      ['TX_READ', 'RECON_READ', 'RECON_UPDATE'],
      ['read', 'any', 'pair', 'stacked', 'open'],
    ],
  ])('with %j allows %j', async (permissions, opened) => {
    const { ask } = await openGuardedApp({
      platform,
      controllers: [Payments],
      emulator: { permissions },
    });
    for (const path of ['read', 'both', 'any', 'pair', 'stacked', 'open']) {
      for (const method of ['GET', 'HEAD']) {
        const { status, headers, body } = await ask(`/${path}`, [], method);
        const isOpen = opened.includes(path);
        const text = isOpen ? path : denied;
        expect([path, status, body]).toEqual([
          path,
          isOpen ? 200 : 403,
          method === 'GET' ? text : '',
        ]);
        expect(headers['www-authenticate']).toBeUndefined();
      }
    }
  });

  it.each([
    [
      'PortOne cannot be reached',
      { kind: 'status', status: 503, retryAfter: 7 },
      '7',
    ],
    [
      'our secret is rejected',
      { kind: 'status', status: 401, body: { type: 'UNAUTHORIZED' } },
      '60',
    ],
  ] as const)(
    'is unavailable while %s, and the route answers 503 with Retry-After',
    async (_, fault, retryAfter) => {
      const { ask, portone } = await openGuardedApp({
        platform,
        controllers: [Payments],
        options: { eager: false },
      });
      portone.fail('tokens', fault);
      const { status, headers, body } = await ask('/read');
      expect([status, headers['retry-after'], body]).toEqual([
        503,
        retryAfter,
        unavailable,
      ]);
      expect(headers['www-authenticate']).toBeUndefined();
      expect((await ask('/open')).status).toBe(200);
    },
  );

  it('is fetched for a guarded route when there is none yet', async () => {
    const { ask, portone } = await openGuardedApp({
      platform,
      controllers: [Payments],
      options: { eager: false, renewal: { background: false } },
    });
    expect(portone.calls.tokens).toBe(0);
    expect((await ask('/read')).body).toBe('read');
    expect(portone.calls.tokens).toBe(1);
  });

  it('is not mentioned to an anonymous caller of a route that checks both tokens', async () => {
    @Controller()
    class Mixed {
      @Get('mixed')
      @RequirePermission('TX_UPDATE')
      @RequirePermission({ source: 'caller' }, 'TX_READ')
      mixed() {
        return 'mixed';
      }
    }
    const { ask, portone } = await openGuardedApp({
      platform,
      controllers: [Mixed],
      permissions: verifyingBy(),
      emulator: { permissions: ['TX_READ'] },
    });
    expect((await ask('/mixed')).status).toBe(401);
    const token = `Bearer ${await portone.issueAccessToken()}`;
    expect((await ask('/mixed', token)).body).toBe(denied);
  });
});
