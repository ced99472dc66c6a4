import { Controller, Get, type Scope, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { MessagePattern } from '@nestjs/microservices';
import {
  isAuthConfigurationError,
  RequirePermission,
  SkipPermissionCheck,
} from '../../lib/index.js';
import {
  openGuardedApp,
  verifyingBy,
  type GuardedAppParts,
} from '../e2e/permission/guarded-app.js';

export type Method = (...args: unknown[]) => unknown;
export type Holder = Record<string, Method>;

export const GUARDS = '__guards__';

/** Copies the metadata of a function to another function, as libraries do. */
export function copyMetadata(from: Method, to: Method, except: unknown[] = []) {
  for (const key of Reflect.getOwnMetadataKeys(from))
    if (!except.includes(key))
      Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, from), to);
  return to;
}

/** The ways in which an instance, or a library in its constructor, may replace a handler. */
export const REPLACEMENTS: Record<string, (instance: Holder) => unknown> = {
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

/** Makes a controller whose constructor calls `replace` with the instance. */
export function payments(
  source: 'service' | 'caller',
  replace: (instance: Holder) => unknown,
): Type {
  @Controller()
  class Payments {
    constructor() {
      const other = replace(this as unknown as Holder);
      // A constructor may return another object than `this`.
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

/** The same controller for messages instead of HTTP requests. */
export function messagePayments(
  scope: Scope,
  replace: (instance: Holder) => unknown,
): Type {
  @Controller({ scope })
  class Payments {
    constructor() {
      const other = replace(this as unknown as Holder);
      if (typeof other === 'object') return other as Payments;
    }

    @MessagePattern('refund')
    @RequirePermission('TX_UPDATE')
    refund() {
      return 'let in';
    }

    @MessagePattern('open')
    open() {
      return 'open';
    }
  }
  return Payments;
}

export const partsOf = (
  controllers: Type[],
  guard?: Type,
  permissions: string[] = ['TX_READ'],
): GuardedAppParts => ({
  controllers,
  providers: guard ? [{ provide: APP_GUARD, useClass: guard }] : [],
  permissions: verifyingBy(),
  emulator: { permissions },
});

/** The status of a request without the permission, or `stopped` when the app did not boot. */
export async function outcomeOf(parts: GuardedAppParts, path = '/refund') {
  try {
    return (await (await openGuardedApp(parts)).ask(path)).status;
  } catch (error) {
    if (isAuthConfigurationError(error)) return 'stopped';
    throw error;
  }
}
