import type {
  InjectionToken,
  ModuleMetadata,
  OptionalFactoryDependency,
  Provider,
  Type,
} from '@nestjs/common';
import {
  AuthConfigurationError,
  type ConfigurationProblem,
} from '../errors/index.js';
import { Sealed } from '../provider/sealed.js';
import { holdProcess } from '../time/timers.js';
import { DEFAULT_CLIENT } from '../token/token-service.token.js';
import type {
  AuthModuleOptions,
  AuthModuleOptionsFactory,
} from './auth-module-options.js';
import { GIVEN_OPTIONS } from './options.tokens.js';

/** Settings that change the list of providers, so a factory cannot return them. */
export interface AuthModuleExtras {
  /** Make the client's providers visible everywhere. Default false. */
  readonly isGlobal?: boolean;
  /** The client's name; without one it is the default client. */
  readonly name?: string;
}

/** Options known when the module is imported. */
export type AuthModuleSyncOptions = AuthModuleOptions & AuthModuleExtras;

/** Options from a factory, a class or an existing provider: exactly one of the three. */
export interface AuthModuleAsyncOptions
  extends AuthModuleExtras, Pick<ModuleMetadata, 'imports'> {
  /** The injection tokens of the arguments of `useFactory`, in this order. */
  readonly inject?: (InjectionToken | OptionalFactoryDependency)[];
  /** Returns the options, or a promise of them. `isGlobal` and `name` are set beside `useFactory`, not in its result. */
  readonly useFactory?: (
    ...args: never[]
  ) => AuthModuleOptions | Promise<AuthModuleOptions>;
  /** A class that the module instantiates; its `createAuthOptions()` returns the options. */
  readonly useClass?: Type<AuthModuleOptionsFactory>;
  /** The injection token of a provider whose `createAuthOptions()` returns the options. */
  readonly useExisting?: InjectionToken<AuthModuleOptionsFactory>;
}

/** The provider of options that are known when the module is imported. */
export const givenNow = (options: AuthModuleOptions): Provider => ({
  provide: GIVEN_OPTIONS,
  useValue: new Sealed(options),
});

/** The providers for useFactory, useClass or useExisting. Throws {@link AuthConfigurationError} unless exactly one is given. */
export function givenByFactory(options: AuthModuleAsyncOptions): Provider[] {
  const { inject = [], useFactory, useClass, useExisting } = options;
  if ([useFactory, useClass, useExisting].filter(Boolean).length !== 1) {
    throw badRegistration(
      'needs exactly one of useFactory, useClass and useExisting',
    );
  }
  if (useFactory) {
    const make = (...args: never[]) => sealedLater(() => useFactory(...args));
    return [{ provide: GIVEN_OPTIONS, inject, useFactory: make }];
  }
  const make = (from: Partial<AuthModuleOptionsFactory>) =>
    sealedLater(() => {
      if (typeof from.createAuthOptions === 'function')
        return from.createAuthOptions();
      throw badRegistration(
        `${useClass ? 'useClass' : 'useExisting'} names a provider without the method createAuthOptions()`,
      );
    });
  return [
    ...(useClass ? [useClass] : []),
    {
      provide: GIVEN_OPTIONS,
      inject: [useClass ?? useExisting!],
      useFactory: make,
    },
  ];
}

const badRegistration = (message: string) =>
  new AuthConfigurationError([{ field: 'forRootAsync', message }]);

/** Throws {@link AuthConfigurationError} for a wrong `name` or `isGlobal`. */
export function checkExtras({
  isGlobal = false,
  name = DEFAULT_CLIENT,
}: AuthModuleExtras): void {
  const problems: ConfigurationProblem[] = [];
  if (typeof name !== 'string' || name.trim() === '') {
    const message =
      'must be a text that is not empty; leave it out for the default client';
    problems.push({ field: 'name', message });
  }
  if (typeof isGlobal !== 'boolean')
    problems.push({ field: 'isGlobal', message: 'must be true or false' });
  if (problems.length > 0) throw new AuthConfigurationError(problems);
}

/** Keeps the process alive while the boot waits for the options. */
async function sealedLater(
  make: () => AuthModuleOptions | Promise<AuthModuleOptions>,
): Promise<Sealed<AuthModuleOptions>> {
  const release = holdProcess();
  try {
    return new Sealed(await make());
  } finally {
    release();
  }
}
