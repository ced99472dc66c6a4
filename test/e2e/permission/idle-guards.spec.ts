import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  Module,
  UseGuards,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Test } from '@nestjs/testing';
import {
  AuthConfigurationError,
  PermissionGuard,
  RequirePermission,
  SkipPermissionCheck,
} from '../../../lib/index.js';
import { LogBook } from '../../support/log-book.js';
import { closeGuardedApps, openGuardedApp, problemsOf } from './guarded-app.js';

afterEach(closeGuardedApps);

@Injectable()
class OwnGuard extends PermissionGuard {}

const NOTHING_REQUIRED =
  /has PermissionGuard but no requirement, so every call would be allowed/;

describe.each([PermissionGuard, OwnGuard])(
  '@UseGuards(%p) without a requirement',
  (guard) => {
    it('stops the boot on a handler', async () => {
      @Controller()
      class Payments {
        @Get('refund')
        @UseGuards(guard)
        refund() {}

        @Get('open')
        open() {}
      }
      const problems = await problemsOf({ controllers: [Payments] });
      expect(problems).toEqual([expect.stringMatching(NOTHING_REQUIRED)]);
      expect(problems[0]).toMatch(/^Payments\.refund /);
    });

    it('stops the boot on a class, for each handler that requires nothing', async () => {
      @Controller()
      @UseGuards(guard)
      class Payments {
        @Get('refund')
        refund() {}

        @Get('list')
        @RequirePermission('TX_READ')
        list() {}

        @Get('open')
        @SkipPermissionCheck()
        open() {}
      }
      expect(await problemsOf({ controllers: [Payments] })).toEqual([
        expect.stringMatching(/^Payments\.refund has PermissionGuard/),
      ]);
    });

    it('stops the boot on a gateway, and on a class without handlers', async () => {
      @WebSocketGateway()
      @UseGuards(guard)
      class Gateway {
        @SubscribeMessage('refund')
        refund() {}
      }
      @Injectable()
      @UseGuards(guard)
      class Service {
        work() {}
      }
      expect(
        await problemsOf({
          providers: [Gateway, Service],
          prepare: (app) => app.useWebSocketAdapter(new WsAdapter(app)),
        }),
      ).toEqual([
        expect.stringMatching(/^Gateway\.refund has PermissionGuard/),
        expect.stringMatching(/^Service has PermissionGuard/),
      ]);
    });
  },
);

it('A global PermissionGuard allows a route without a requirement', async () => {
  @Controller()
  class Payments {
    @Get('open')
    open() {
      return 'open';
    }
  }
  const { ask } = await openGuardedApp({
    controllers: [Payments],
    providers: [{ provide: APP_GUARD, useClass: PermissionGuard }],
  });
  expect((await ask('/open')).status).toBe(200);
});

describe('An app that does not import AuthModule', () => {
  const init = async (controllers: Type[], providers: Provider[] = []) => {
    @Module({ controllers, providers })
    class App {}
    const testing = await Test.createTestingModule({ imports: [App] })
      .setLogger(new LogBook())
      .compile();
    const app = testing.createNestApplication();
    try {
      await app.init();
    } finally {
      await app.close();
    }
  };

  @Controller()
  class Required {
    @Get('refund')
    @RequirePermission('TX_UPDATE')
    refund() {}
  }

  @Controller()
  @UseGuards(OwnGuard)
  class Guarded {
    @Get('refund')
    refund() {}
  }

  @Controller()
  class Plain {
    @Get('plain')
    plain() {}
  }

  it.each<[string, Type, Provider[]]>([
    ['@RequirePermission', Required, []],
    ['a subclass of PermissionGuard', Guarded, []],
    [
      'a global guard',
      Plain,
      [{ provide: APP_GUARD, useClass: PermissionGuard }],
    ],
  ])(
    'does not boot, and the error says what to import: %s',
    async (_, ...parts) => {
      await expect(init([parts[0]], parts[1])).rejects.toThrow(
        AuthConfigurationError,
      );
      await expect(init([parts[0]], parts[1])).rejects.toThrow(
        /no AuthModule is imported: add AuthModule\.forRoot\(\{ apiSecret \}\)/,
      );
    },
  );

  it('boots when no route is guarded, or when a test overrides the guard', async () => {
    await expect(init([Plain])).resolves.toBeUndefined();
    const testing = await Test.createTestingModule({ controllers: [Required] })
      .overrideGuard(PermissionGuard)
      .useValue({ canActivate: () => true })
      .compile();
    const app = testing.createNestApplication({ logger: new LogBook() });
    await app.init();
    await app.close();
  });
});

it('A test may override the guard of an app that imports AuthModule', async () => {
  @Controller()
  class Payments {
    constructor() {
      this.bound = this.bound.bind(this);
    }

    @Get('refund')
    @RequirePermission('TX_UPDATE')
    refund() {
      return 'refunded';
    }

    @Get('bound')
    @RequirePermission('TX_UPDATE')
    bound(): string {
      return 'bound';
    }
  }
  const { ask } = await openGuardedApp({
    controllers: [Payments],
    emulator: { permissions: [] },
    override: (builder) =>
      builder
        .overrideGuard(PermissionGuard)
        .useValue({ canActivate: () => true }),
  });
  expect((await ask('/refund')).body).toBe('refunded');
  expect((await ask('/bound')).body).toBe('bound');
});
