import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, type Type } from '@nestjs/common';
import { PermissionGuard } from '../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
} from '../e2e/permission/guarded-app.js';
import {
  copyMetadata,
  GUARDS,
  outcomeOf,
  partsOf,
  payments,
  type Holder,
  type Method,
} from './replaced-handler.js';

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
