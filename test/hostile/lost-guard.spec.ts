import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Scope, UseGuards, type Type } from '@nestjs/common';
import { PermissionGuard, RequirePermission } from '../../lib/index.js';
import { closeGuardedApps, problemsOf } from '../e2e/permission/guarded-app.js';
import {
  GUARDS,
  outcomeOf,
  partsOf,
  payments,
  type Holder,
  type Method,
} from './replaced-handler.js';

afterEach(closeGuardedApps);

describe('A guarded handler', () => {
  it('of a base class stays guarded when a field of the subclass replaces it', async () => {
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

  it('stops the boot when its guards and those of its class are replaced', async () => {
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
        /^Payments\.refund requires a permission, but Nest/,
      ),
    ]);
    expect(await outcomeOf(partsOf([Payments], PermissionGuard))).toBe(403);
  });

  it.each<[string, (methods: Holder) => () => Method]>([
    [
      'a new function each time',
      ({ refund }) =>
        () =>
        () =>
          refund!(),
    ],
    [
      'the method of another route',
      ({ open }) =>
        () =>
          open!,
    ],
    [
      'the method and another method in turn',
      ({ refund, open }) => {
        const held = [refund!, open!];
        return () => held.reverse()[0]!;
      },
    ],
  ])(
    'stops the boot when a getter replaces it and gives %s',
    async (_, getter) => {
      const Payments = payments('service', (it) => {
        Object.defineProperty(it, 'refund', {
          get: getter({ refund: it['refund']!, open: it['open']! }),
        });
      });
      expect(await problemsOf(partsOf([Payments]))).toEqual([
        expect.stringMatching(/^Payments\.refund .*cannot see which method/),
      ]);
    },
  );

  it('stops the boot when a proxy gives a new function each time', async () => {
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

  it('stops the boot when the `constructor` property of its instance is another class', async () => {
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

  it('stops the boot when a decorator replaces its class by a proxy', async () => {
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

  it('stays guarded when a mixin copies it, and stops the boot when the mixin also binds it', async () => {
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

  it.each(['service', 'caller'] as const)(
    'stays guarded when another method replaces it only while Nest reads the handlers (%s)',
    async (source) => {
      @Controller()
      class Payments extends payments(source, (it) => {
        it['refund'] = it['open']!;
      }) {
        onModuleInit() {
          delete (this as { refund?: unknown }).refund;
        }
      }
      const denied = source === 'caller' ? 401 : 403;
      expect(await outcomeOf(partsOf([Payments]))).toBe(denied);
    },
  );

  it('runs the guards of its class before the permission guard', async () => {
    const calls: string[] = [];
    const login = { canActivate: () => Boolean(calls.push('login')) };
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
    expect(calls).toEqual(['login']);
  });
});

it('A class with a requirement stays guarded when its constructor returns another object', async () => {
  @Controller({ scope: Scope.REQUEST })
  @RequirePermission('TX_UPDATE')
  class Payments {
    constructor() {
      return { refund: () => 'let in' } as Payments;
    }

    @Get('refund')
    refund() {
      return 'refunded';
    }
  }
  expect(await outcomeOf(partsOf([Payments]))).toBe(403);
});
