import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable } from '@nestjs/common';
import { RequirePermission, SkipPermissionCheck } from '../../../lib/index.js';
import { closeGuardedApps, openGuardedApp, problemsOf } from './guarded-app.js';

afterEach(closeGuardedApps);

describe('The boot stops', () => {
  it('for a requirement on a method that is not a route', async () => {
    @Injectable()
    class Service {
      @RequirePermission('TX_READ')
      work() {}
    }
    @Controller()
    class Half {
      @Get()
      @RequirePermission('TX_READ')
      route() {}

      @RequirePermission('TX_READ')
      helper() {}
    }
    expect(
      await problemsOf({ controllers: [Half], providers: [Service] }),
    ).toEqual([
      'Half.helper carries @RequirePermission but is not a route handler, so no guard would ever run',
      'Service.work carries @RequirePermission but is not a route handler, so no guard would ever run',
    ]);
  });

  it('for a requirement on a class without routes', async () => {
    @Injectable()
    @RequirePermission('TX_READ')
    class Service {
      work() {}
    }
    expect(await problemsOf({ providers: [Service] })).toEqual([
      'Service carries @RequirePermission but has no route handler, so no guard would ever run',
    ]);
  });

  it('for a client that no module registers', async () => {
    @Controller()
    class Routes {
      @Get()
      @RequirePermission({ client: 'nobody' }, 'TX_READ')
      route() {}
    }
    expect(await problemsOf({ controllers: [Routes] })).toEqual([
      "Routes.route requires a permission of the client 'nobody', which no AuthModule registers",
    ]);
  });

  it('for callers that the client cannot verify', async () => {
    @Controller()
    class Routes {
      @Get()
      @RequirePermission({ source: 'caller' }, 'TX_READ')
      route() {}
    }
    expect(await problemsOf({ controllers: [Routes] })).toEqual([
      "Routes.route has the source 'caller', but the client 'default' has no permissions.verification",
    ]);
  });

  class Base {
    @Get('list')
    @RequirePermission('TX_READ')
    list(): string {
      return 'list';
    }
  }

  it('for a method that overrides a guarded method and requires nothing', async () => {
    @Controller()
    class Careless extends Base {
      @Get('list')
      override list() {
        return 'open';
      }
    }
    expect(await problemsOf({ controllers: [Careless] })).toEqual([
      expect.stringMatching(/^Careless\.list has replaced a method/),
    ]);
  });

  it('for a guarded method that another decorator wraps, so that its requirement is lost', async () => {
    const Wrap =
      (): MethodDecorator =>
      (_target, _key, descriptor: PropertyDescriptor) => {
        const inner = descriptor.value as () => unknown;
        descriptor.value = () => inner();
      };
    @Controller()
    class Wrapped {
      @Get('list')
      @Wrap()
      @RequirePermission('TX_READ')
      list() {}
    }
    expect(await problemsOf({ controllers: [Wrapped] })).toEqual([
      expect.stringMatching(/^Wrapped\.list has replaced a method/),
    ]);
  });

  it('but not for an overriding method with @RequirePermission or @SkipPermissionCheck on it', async () => {
    @Controller('strict')
    class Strict extends Base {
      @Get('list')
      @RequirePermission('TX_UPDATE')
      override list() {
        return 'strict';
      }
    }
    @Controller('loose')
    class Loose extends Base {
      @Get('list')
      @SkipPermissionCheck()
      override list() {
        return 'loose';
      }
    }
    @Controller('same')
    class Same extends Base {}
    class Lifted {
      @Get('list')
      @SkipPermissionCheck()
      list() {
        return 'lifted';
      }
    }
    @Controller('again')
    @RequirePermission('TX_UPDATE')
    class Again extends Lifted {
      @Get('list')
      override list() {
        return 'again';
      }
    }
    const { ask } = await openGuardedApp({
      controllers: [Strict, Loose, Same, Again],
      emulator: { permissions: ['TX_READ'] },
    });
    const statuses = ['strict', 'loose', 'same', 'again'].map(
      async (path) => (await ask(`/${path}/list`)).status,
    );
    expect(await Promise.all(statuses)).toEqual([403, 200, 200, 403]);
  });
});
