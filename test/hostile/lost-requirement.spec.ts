import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, UseGuards, type Type } from '@nestjs/common';
import { RequirePermission, SkipPermissionCheck } from '../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
} from '../e2e/permission/guarded-app.js';

/** Replaces the method by another function without its metadata, as many libraries do. */
const Wrapped: MethodDecorator = (_target, _key, descriptor) => {
  const inner = descriptor.value as unknown as (...args: unknown[]) => unknown;
  descriptor.value = function (this: unknown, ...args: unknown[]) {
    return inner.apply(this, args);
  } as never;
};

const open = (controller: Type) =>
  openGuardedApp({
    controllers: [controller],
    emulator: { permissions: ['TX_READ'] },
  });

describe('A requirement', () => {
  afterEach(closeGuardedApps);

  it('stops the boot when a wrapper is between two @RequirePermission decorators', async () => {
    @Controller()
    class Payments {
      @Get('payments')
      @RequirePermission('TX_READ')
      @Wrapped
      @RequirePermission('TX_UPDATE')
      list() {
        return 'let in';
      }
    }
    await expect(open(Payments)).rejects.toThrow('Payments.list');
  });

  it('is checked when both @RequirePermission decorators are outside the wrapper', async () => {
    @Controller()
    class Payments {
      @Get('payments')
      @RequirePermission('TX_READ')
      @RequirePermission('TX_UPDATE')
      @Wrapped
      list() {
        return 'let in';
      }
    }
    const { ask } = await open(Payments);
    expect((await ask('/payments')).status).toBe(403);
  });

  it('of a base method is replaced by the requirement of the overriding method', async () => {
    class Base {
      @Get('payments')
      @RequirePermission('TX_READ')
      @RequirePermission('TX_UPDATE')
      list() {
        return 'let in';
      }

      @Get('open')
      @RequirePermission('TX_READ')
      @RequirePermission('TX_UPDATE')
      open() {
        return 'let in';
      }
    }

    @Controller()
    class Payments extends Base {
      @Get('payments')
      @RequirePermission('TX_READ')
      override list() {
        return 'let in';
      }

      @Get('open')
      @SkipPermissionCheck()
      override open() {
        return 'let in';
      }
    }
    const { ask } = await open(Payments);
    expect((await ask('/payments')).status).toBe(200);
    expect((await ask('/open')).status).toBe(200);
  });

  it('of a base class applies to all handlers of a subclass that has its own guards', async () => {
    const pass = { canActivate: () => true };

    @RequirePermission('TX_UPDATE')
    class Base {
      @Get('inherited')
      inherited() {
        return 'let in';
      }
    }

    @Controller()
    @UseGuards(pass)
    class Payments extends Base {
      @Get('own')
      @UseGuards(pass)
      own() {
        return 'let in';
      }
    }
    const { ask } = await open(Payments);
    for (const path of ['/inherited', '/own'])
      for (const method of ['GET', 'HEAD'])
        expect((await ask(path, undefined, method)).status).toBe(403);
  });
});
