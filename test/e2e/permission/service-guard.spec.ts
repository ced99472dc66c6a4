import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  Module,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { VirtualTime } from '../../support/virtual-time.js';
import {
  allOf,
  anyOf,
  AuthModule,
  getTokenServiceToken,
  PermissionGuard,
  RequirePermission,
  SkipPermissionCheck,
  TokenService,
} from '../../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  openPortOne,
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
  ])('with %j opens %j', async (permissions, opened) => {
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
      'our secret is refused',
      { kind: 'status', status: 401, body: { type: 'UNAUTHORIZED' } },
      '60',
    ],
  ] as const)(
    'while %s answers 503 with Retry-After',
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

  it('is asked for by a route even when it is not there yet', async () => {
    const { ask, portone } = await openGuardedApp({
      platform,
      controllers: [Payments],
      options: { eager: false, renewal: { background: false } },
    });
    expect(portone.calls.tokens).toBe(0);
    expect((await ask('/read')).body).toBe('read');
    expect(portone.calls.tokens).toBe(1);
  });

  it('never tells an anonymous caller of both sources what it lacks', async () => {
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

describe('The guard', () => {
  afterEach(closeGuardedApps);

  it('protects with any order of decorators, and also when it is given several times', async () => {
    @Controller()
    @UseGuards(PermissionGuard)
    @RequirePermission('TX_READ')
    class Several {
      @UseGuards(PermissionGuard)
      @RequirePermission('TX_READ')
      @Get('above')
      above() {
        return 'above';
      }

      @Get('below')
      @RequirePermission('TX_READ')
      @UseGuards(PermissionGuard)
      below() {
        return 'below';
      }
    }
    for (const [permissions, status] of [
      [['TX_READ'], 200],
      [[], 403],
    ] as const) {
      const { ask } = await openGuardedApp({
        controllers: [Several],
        providers: [{ provide: APP_GUARD, useClass: PermissionGuard }],
        emulator: { permissions },
      });
      expect((await ask('/above')).status).toBe(status);
      expect((await ask('/below')).status).toBe(status);
    }
  });

  it('verifies a caller once, however many guards and requirements there are', async () => {
    @Controller()
    @RequirePermission({ source: 'caller' }, 'TX_READ')
    class Twice {
      @Get('twice')
      @RequirePermission({ source: 'caller' }, 'RECON_READ')
      twice() {
        return 'twice';
      }
    }
    let asked = 0;
    const { ask, portone, tokens } = await openGuardedApp({
      controllers: [Twice],
      providers: [{ provide: APP_GUARD, useClass: PermissionGuard }],
      permissions: ({ jwksUri }) => ({ verification: { jwksUri } }),
    });
    const getClaims = tokens.getClaims.bind(tokens);
    // The merchant is taken from our own token at the end of each verification.
    tokens.getClaims = () => {
      asked += 1;
      return getClaims();
    };
    const token = await portone.issueAccessToken();
    expect((await ask('/twice', `Bearer ${token}`)).body).toBe('twice');
    expect(asked).toBe(1);
  });

  it('comes along into a module that imports nothing', async () => {
    @Controller()
    class Lonely {
      @Get('lonely')
      @RequirePermission('TX_UPDATE')
      lonely() {
        return 'lonely';
      }
    }
    @Module({ controllers: [Lonely] })
    class LonelyModule {}
    const { ask } = await openGuardedApp({
      imports: [LonelyModule],
      options: { isGlobal: false },
      emulator: { permissions: [] },
    });
    expect((await ask('/lonely')).status).toBe(403);
  });

  it('follows a base class, and the nearer word of a class that extends it', async () => {
    @RequirePermission('TX_UPDATE')
    class Base {
      @Get('list')
      list() {
        return 'list';
      }
    }
    @Controller('strict')
    class Strict extends Base {}
    @Controller('loose')
    @SkipPermissionCheck()
    class Loose extends Base {}
    const { ask } = await openGuardedApp({
      controllers: [Strict, Loose],
      emulator: { permissions: [] },
    });
    expect((await ask('/strict/list')).status).toBe(403);
    expect((await ask('/loose/list')).status).toBe(200);
  });

  it('asks the client that is named', async () => {
    @Controller()
    class TwoClients {
      @Get('a')
      @RequirePermission('TX_READ')
      a() {
        return 'a';
      }

      @Get('b')
      @RequirePermission({ client: 'b' }, 'TX_READ')
      b() {
        return 'b';
      }

      @Get('b/caller')
      @RequirePermission({ client: 'b', source: 'caller' }, 'TX_READ')
      caller() {
        return 'caller';
      }
    }
    const time = new VirtualTime();
    const other = await openPortOne({
      clock: time.trueTime,
      permissions: [],
      merchantId: 'merchant-b',
    });
    const { ask, app, portone } = await openGuardedApp({
      controllers: [TwoClients],
      time,
      imports: [
        AuthModule.forRoot({
          name: 'b',
          apiSecret: other.apiSecret,
          baseURL: other.url,
          permissions: { verification: { jwksUri: other.jwksUri } },
        }),
      ],
    });
    expect((await ask('/a')).status).toBe(200);
    expect((await ask('/b')).status).toBe(403);
    const tokenOfA = await portone.issueAccessToken();
    expect((await ask('/b/caller', `Bearer ${tokenOfA}`)).status).toBe(401);
    other.setPermissions(['TX_READ']);
    const tokenOfB = await other.issueAccessToken();
    expect((await ask('/b/caller', `Bearer ${tokenOfB}`)).status).toBe(200);
    await app.get<TokenService>(getTokenServiceToken('b')).renew();
    expect((await ask('/b')).status).toBe(200);
  });

  it('reports each denial on events$, without a token', async () => {
    @Controller()
    class Denying {
      @Get('own')
      @RequirePermission('TX_UPDATE')
      own() {
        return '';
      }

      @Get('callers')
      @RequirePermission({ source: 'caller' }, 'TX_UPDATE')
      callers() {
        return '';
      }
    }
    const { ask, events, log, portone } = await openGuardedApp({
      controllers: [Denying],
      permissions: verifyingBy(),
      emulator: { permissions: ['TX_READ'] },
    });
    const token = await portone.issueAccessToken();
    await ask('/own');
    await ask('/callers');
    await ask('/callers', `Bearer ${token}`);
    await ask('/callers', `Bearer ${token}x`);
    const denials = events.filter(({ type }) => type === 'permission-denied');
    expect(denials).toEqual(
      [
        [
          'service',
          'Denying.own',
          'PORTONE_SERVICE_PERMISSION_MISSING',
          'our own token lacks TX_UPDATE',
        ],
        [
          'caller',
          'Denying.callers',
          'PORTONE_TOKEN_MISSING',
          'no Bearer credentials',
        ],
        [
          'caller',
          'Denying.callers',
          'PORTONE_INSUFFICIENT_PERMISSION',
          "the caller's token lacks a permission",
        ],
        [
          'caller',
          'Denying.callers',
          'PORTONE_TOKEN_INVALID',
          expect.anything(),
        ],
      ].map(([source, route, code, reason]) => ({
        type: 'permission-denied',
        client: 'default',
        at: expect.any(Number),
        source,
        route,
        code,
        reason,
      })),
    );
    // Anybody can be denied for want of a good token: that must not flood the log.
    const levels = log.lines
      .filter((line) => line.includes('denied for client'))
      .map((line) => line.split(' ')[0]);
    expect(levels).toEqual(['warn', 'debug', 'debug', 'debug']);
    const seen = JSON.stringify([denials, log.lines]);
    for (const part of token.split('.')) expect(seen).not.toContain(part);
    expect(log.lines.join('\n')).toContain('Denying.own denied');
  });
});

describe('A guard that combines others', () => {
  afterEach(closeGuardedApps);

  /** Lets in by an API key what ours denies. */
  @Injectable()
  class KeyOrPermissionGuard extends PermissionGuard {
    override async canActivate(context: ExecutionContext): Promise<boolean> {
      try {
        return await super.canActivate(context);
      } catch (denial) {
        const { url } = context.switchToHttp().getRequest<{ url: string }>();
        if (url.endsWith('key')) return true;
        throw denial;
      }
    }
  }

  @Controller()
  class Combined {
    @Get('above')
    @UseGuards(KeyOrPermissionGuard)
    @RequirePermission({ source: 'caller' }, 'TX_READ')
    above() {
      return 'above';
    }

    @Get('below')
    @RequirePermission({ source: 'caller' }, 'TX_READ')
    @UseGuards(KeyOrPermissionGuard)
    below() {
      return 'below';
    }
  }

  it.each(platforms)(
    'on %s lets a request pass without a trace of our challenge, and denies with it',
    async (platform) => {
      const { ask } = await openGuardedApp({
        platform,
        controllers: [Combined],
        permissions: verifyingBy(),
      });
      for (const path of ['/above', '/below']) {
        const passed = await ask(`${path}?key`);
        expect([passed.status, passed.headers['www-authenticate']]).toEqual([
          200,
          undefined,
        ]);
        const refused = await ask(path);
        expect([refused.status, refused.headers['www-authenticate']]).toEqual([
          401,
          'Bearer realm="portone"',
        ]);
      }
    },
  );

  it('does not open a route by swallowing our denial beside the guard that the decorator brings', async () => {
    @Injectable()
    class Swallowing implements CanActivate {
      constructor(private readonly guard: PermissionGuard) {}

      async canActivate(context: ExecutionContext): Promise<boolean> {
        await Promise.resolve(this.guard.canActivate(context)).catch(() => 0);
        return true;
      }
    }
    const { ask } = await openGuardedApp({
      controllers: [SwallowedRoute],
      providers: [{ provide: APP_GUARD, useClass: Swallowing }],
      permissions: verifyingBy(),
    });
    expect((await ask('/swallowed')).status).toBe(401);
  });

  @Controller()
  class SwallowedRoute {
    @Get('swallowed')
    @RequirePermission({ source: 'caller' }, 'TX_READ')
    swallowed() {
      return '';
    }
  }
});
