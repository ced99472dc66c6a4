import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { VirtualTime } from '../../support/virtual-time.js';
import {
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
  verifyingBy,
} from './guarded-app.js';

describe('PermissionGuard', () => {
  afterEach(closeGuardedApps);

  it('protects a route in any order of decorators, and when it is added several times', async () => {
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

  it('verifies a caller once, even with several guards and requirements', async () => {
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
    // Each verification reads the merchant from our own token once.
    tokens.getClaims = () => {
      asked += 1;
      return getClaims();
    };
    const token = await portone.issueAccessToken();
    expect((await ask('/twice', `Bearer ${token}`)).body).toBe('twice');
    expect(asked).toBe(1);
  });

  it('works in a module that imports nothing', async () => {
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

  it('enforces the requirement of a base class, unless the derived class skips it', async () => {
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

  it('uses the client that the requirement names', async () => {
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

  it('reports each denial on events$, and shows no token there or in the log', async () => {
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
          'the request has no Bearer token',
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
    // Any caller can send a bad token, and that must not flood the log.
    const levels = log.lines
      .filter((line) => line.includes('denied for client'))
      .map((line) => line.split(' ')[0]);
    expect(levels).toEqual(['warn', 'debug', 'debug', 'debug']);
    const seen = JSON.stringify([denials, log.lines]);
    for (const part of token.split('.')) expect(seen).not.toContain(part);
    expect(log.lines.join('\n')).toContain('Denying.own denied');
  });
});
