import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, UseGuards, type Type } from '@nestjs/common';
import { PermissionGuard, RequirePermission } from '../../lib/index.js';
import { closeGuardedApps, problemsOf } from '../e2e/permission/guarded-app.js';
import {
  GUARDS,
  outcomeOf,
  partsOf,
  payments,
  type Method,
} from './replaced-handler.js';

afterEach(closeGuardedApps);

describe('A guarded handler', () => {
  it('of a base class stays guarded when a class field takes its place', async () => {
    class Base {
      @Get('refund')
      @RequirePermission('TX_UPDATE')
      refund(): string {
        return 'let in';
      }
    }
    @Controller()
    class Payments extends Base {
      override refund = () => 'let in';
    }
    expect(await outcomeOf(partsOf([Payments]))).toBe(403);
  });

  it('stays guarded when its guards are replaced on the prototype', async () => {
    const Replace: MethodDecorator = (_target, _key, { value }) =>
      Reflect.defineMetadata(GUARDS, [], value as object);
    @Controller()
    class Payments {
      @Get('refund')
      @Replace
      @RequirePermission('TX_UPDATE')
      refund() {
        return 'let in';
      }
    }
    expect(await outcomeOf(partsOf([Payments]))).toBe(403);
  });

  it('stops the boot when those of its class are replaced as well', async () => {
    const Replace: ClassDecorator & MethodDecorator = (
      target: object,
      _key?: unknown,
      descriptor?: PropertyDescriptor,
    ) =>
      Reflect.defineMetadata(
        GUARDS,
        [],
        (descriptor?.value as object | undefined) ?? target,
      );
    @Controller()
    @Replace
    class Payments {
      @Get('refund')
      @Replace
      @RequirePermission('TX_UPDATE')
      refund() {
        return 'let in';
      }
    }
    expect(await problemsOf(partsOf([Payments]))).toEqual([
      expect.stringMatching(
        /^Payments\.refund requires a permission, and Nest/,
      ),
    ]);
    expect(await outcomeOf(partsOf([Payments], PermissionGuard))).toBe(403);
  });

  it.each<[string, (inner: Method) => PropertyDescriptor]>([
    ['a getter', (inner) => ({ get: () => () => inner() })],
  ])(
    'stops the boot when %s gives another function each time',
    async (_, make) => {
      const Payments = payments('service', (it) => {
        Object.defineProperty(it, 'refund', make(it['refund']!));
      });
      expect(await problemsOf(partsOf([Payments]))).toEqual([
        expect.stringMatching(/^Payments\.refund .*cannot be told/),
      ]);
    },
  );

  it('stops the boot when a proxy makes another function each time', async () => {
    const Payments = payments(
      'service',
      (it) =>
        new Proxy(it, {
          get: (target, name) => {
            const value = Reflect.get(target, name) as unknown;
            return typeof value === 'function' && name !== 'constructor'
              ? () => (value as Method).call(target)
              : value;
          },
        }),
    );
    expect(await outcomeOf(partsOf([Payments]))).toBe('stopped');
    expect(await outcomeOf(partsOf([Payments], PermissionGuard))).toBe(
      'stopped',
    );
  });

  it('stops the boot when its instance names another class as its own', async () => {
    @RequirePermission('TX_UPDATE')
    @Controller()
    class Payments {
      constructor() {
        Object.assign(this, { constructor: class Other {} });
      }

      @Get('refund')
      refund() {
        return 'let in';
      }
    }
    expect(await outcomeOf(partsOf([Payments]))).toBe('stopped');
  });

  it('of a class that a decorator replaces by a proxy stays guarded, or the boot stops', async () => {
    const Proxied: ClassDecorator = (target) =>
      new Proxy(target, {}) as typeof target;
    @Controller()
    @Proxied
    @RequirePermission('TX_UPDATE')
    class Payments {
      @Get('refund')
      refund() {
        return 'let in';
      }
    }
    expect(await outcomeOf(partsOf([Payments]))).toBe('stopped');
  });

  it('is guarded where a mixin has copied it', async () => {
    class Refunds {
      @Get('refund')
      @RequirePermission('TX_UPDATE')
      refund() {
        return 'let in';
      }
    }
    const mixin = (target: Type, isBound: boolean) => {
      const { refund } = Object.getOwnPropertyDescriptors(Refunds.prototype);
      Object.defineProperty(target.prototype, 'refund', refund!);
      return class extends target {
        constructor() {
          super();
          if (isBound)
            Object.assign(this, {
              refund: (refund!.value as Method).bind(this),
            });
        }
      };
    };
    const Copied = mixin(class Copied {}, false);
    const Bound = mixin(class Bound {}, true);
    Controller()(Copied);
    Controller()(Bound);
    expect(await outcomeOf(partsOf([Copied]))).toBe(403);
    expect(await outcomeOf(partsOf([Bound]))).toBe('stopped');
  });

  it('keeps its place among the guards as long as it is the function that was decorated', async () => {
    const asked: string[] = [];
    const login = { canActivate: () => Boolean(asked.push('login')) };
    @Controller()
    @UseGuards(login)
    class Payments {
      @Get('refund')
      @RequirePermission('TX_UPDATE')
      refund() {
        return 'let in';
      }
    }
    expect(await outcomeOf(partsOf([Payments]))).toBe(403);
    expect(asked).toEqual(['login']);
  });
});
