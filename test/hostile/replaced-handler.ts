import { Controller, Get, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
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

/** As libraries do it: everything that is known of one function is said of another. */
export function copyMetadata(from: Method, to: Method, except: unknown[] = []) {
  for (const key of Reflect.getOwnMetadataKeys(from))
    if (!except.includes(key))
      Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, from), to);
  return to;
}

/** A controller whose constructor hands its instance to `replace`. */
export function payments(
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

/** The status of a route that nobody may use, or `stopped` when the app did not boot. */
export async function outcomeOf(parts: GuardedAppParts, path = '/refund') {
  try {
    return (await (await openGuardedApp(parts)).ask(path)).status;
  } catch (error) {
    if (isAuthConfigurationError(error)) return 'stopped';
    throw error;
  }
}
