import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PermissionGuard, RequirePermission } from '../../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  platforms,
  verifyingBy,
} from './guarded-app.js';

describe('A guard that combines others', () => {
  afterEach(closeGuardedApps);

  /** Allows a request that PermissionGuard denies if it has an API key. */
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
    'on %s can allow a request, and denies others with our challenge',
    async (platform) => {
      const { ask } = await openGuardedApp({
        platform,
        controllers: [Combined],
        permissions: verifyingBy(),
      });
      for (const path of ['/above', '/below']) {
        expect((await ask(`${path}?key`)).status).toBe(200);
        const denied = await ask(path);
        expect([denied.status, denied.headers['www-authenticate']]).toEqual([
          401,
          'Bearer realm="portone"',
        ]);
      }
    },
  );

  it('cannot open a route by catching our denial, because the guard of the decorator runs as well', async () => {
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
