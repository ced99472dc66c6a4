import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, UseGuards, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  isAuthConfigurationError,
  PermissionGuard,
  RequirePermission,
  SkipPermissionCheck,
} from '../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  problemsOf,
  verifyingBy,
  type GuardedAppParts,
} from '../e2e/permission/guarded-app.js';

type Method = (...args: unknown[]) => unknown;
type Holder = Record<string, Method>;

const GUARDS = '__guards__';

/** As libraries do it: everything that is known of one function is said of another. */
function copyMetadata(from: Method, to: Method, except: unknown[] = []) {
  for (const key of Reflect.getOwnMetadataKeys(from))
    if (!except.includes(key))
      Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, from), to);
  return to;
}

const WITH_GUARD = [undefined, PermissionGuard] as const;
const SOURCES = ['service', 'caller'] as const;

/** What an instance, or a library in its constructor, may do to a handler. */
const REPLACEMENTS: Record<string, (instance: Holder) => unknown> = {
  'a bound method': (it) => (it['refund'] = it['refund']!.bind(it)),
  'a wrapper': (it) => {
    const inner = it['refund']!;
    it['refund'] = (...args) => inner.apply(it, args);
  },
  'a wrapper with the name of another handler': (it) => {
    const inner = it['refund']!;
    it['refund'] = function open(this: unknown, ...args: unknown[]) {
      return inner.apply(this, args);
    };
  },
  'the method of another route': (it) => (it['refund'] = it['open']!),
  'a bound method of another route': (it) =>
    (it['refund'] = it['open']!.bind(it)),
  'a wrapper with all metadata but the guards': (it) =>
    (it['refund'] = copyMetadata(it['refund']!, () => 'let in', [GUARDS])),
  'a wrapper with other guards': (it) => {
    const wrapper = copyMetadata(it['refund']!, () => 'let in', [GUARDS]);
    const pass = { canActivate: () => true };
    Reflect.defineMetadata(GUARDS, [pass], wrapper);
    it['refund'] = wrapper;
  },
  'a frozen property': (it) =>
    Object.defineProperty(it, 'refund', { value: () => 'let in' }),
  'a proxy of itself': (it) => {
    const wrappers = new Map<unknown, Method>();
    return new Proxy(it, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function' || name === 'constructor') return value;
        const inner = value as Method;
        const wrapper = (...args: unknown[]) => inner.apply(target, args);
        wrappers.set(inner, wrappers.get(inner) ?? wrapper);
        return wrappers.get(inner);
      },
    });
  },
};

function payments(
  source: 'service' | 'caller',
  replace: (instance: Holder) => unknown,
): Type {
  @Controller()
  class Payments {
    constructor() {
      const other = replace(this as unknown as Holder);
      // A constructor may return another object than the one it was given.
      if (typeof other === 'object') return other as Payments;
    }

    @Get('refund')
    @RequirePermission({ source }, 'TX_UPDATE')
    refund() {
      return 'let in';
    }

    @Get('open')
    @SkipPermissionCheck()
    open() {
      return 'open';
    }
  }
  return Payments;
}

const partsOf = (
  controllers: Type[],
  guard?: Type,
  permissions: string[] = ['TX_READ'],
): GuardedAppParts => ({
  controllers,
  providers: guard ? [{ provide: APP_GUARD, useClass: guard }] : [],
  permissions: verifyingBy(),
  emulator: { permissions },
});

/** The status of a route that nobody may use, or `stopped` when the app did not boot. */
async function outcomeOf(parts: GuardedAppParts, path = '/refund') {
  try {
    return (await (await openGuardedApp(parts)).ask(path)).status;
  } catch (error) {
    if (isAuthConfigurationError(error)) return 'stopped';
    throw error;
  }
}

afterEach(closeGuardedApps);

describe.each(Object.entries(REPLACEMENTS))(
  'A guarded handler in whose place the instance holds %s',
  (name, replace) => {
    it.each(SOURCES.flatMap((source) => WITH_GUARD.map((g) => [source, g])))(
      'stays guarded (%s, %p)',
      async (source, guard) => {
        const Payments = payments(source as 'service', replace);
        const parts = partsOf([Payments], guard as Type);
        expect(await outcomeOf(parts)).toBe(source === 'caller' ? 401 : 403);
        // A function that serves both routes cannot tell which it is called for: both require what one does.
        if (name !== 'the method of another route')
          expect(await outcomeOf(parts, '/open')).toBe(200);
        const { ask } = await openGuardedApp(
          partsOf([Payments], guard as Type, ['TX_UPDATE']),
        );
        if (source === 'service')
          expect((await ask('/refund')).status).toBe(200);
      },
    );
  },
);

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

it('A controller without requirements may do what it likes with its handlers', async () => {
  @Controller()
  class Plain {
    @Get('plain')
    plain(): string {
      return 'plain';
    }

    constructor() {
      this.plain = this.plain.bind(this);
    }
  }
  const parts = partsOf([Plain], PermissionGuard);
  expect(await outcomeOf(parts, '/plain')).toBe(200);
});
