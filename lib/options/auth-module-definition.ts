import type {
  InjectionToken,
  ModuleMetadata,
  OptionalFactoryDependency,
  Provider,
  Type,
} from '@nestjs/common';
import { Sealed } from '../provider/sealed.js';
import { holdProcess } from '../time/timers.js';
import type {
  AuthModuleOptions,
  AuthModuleOptionsFactory,
} from './auth-module-options.js';
import { GIVEN_OPTIONS } from './options.tokens.js';
import { badRegistration, checkAsyncFields } from './registration-checks.js';

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

/** Options as the user gave them. */
export interface GivenOptions {
  readonly options: AuthModuleOptions;
  /** Whether `isGlobal` and `name` may be among them, as in `forRoot`. */
  readonly mayHaveExtras: boolean;
}

/** The provider of options that are known when the module is imported. */
export function givenNow(options: AuthModuleSyncOptions): Provider {
  if (typeof options === 'function')
    throw badRegistration(
      'forRoot',
      'needs an object with an apiSecret; a function that returns one belongs in forRootAsync({ useFactory })',
    );
  return {
    provide: GIVEN_OPTIONS,
    useValue: new Sealed({ options, mayHaveExtras: true }),
  };
}

/** The providers for useFactory, useClass or useExisting. Throws {@link AuthConfigurationError} unless exactly one is given, and for a wrong field. */
export function givenByFactory(options: AuthModuleAsyncOptions): Provider[] {
  const { inject = [], useFactory, useClass, useExisting } = options;
  checkAsyncFields(options);
  if ([useFactory, useClass, useExisting].filter(Boolean).length !== 1) {
    throw badRegistration(
      'forRootAsync',
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
        'forRootAsync',
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

/** Keeps the process alive while the boot waits for the options. */
async function sealedLater(
  make: () => AuthModuleOptions | Promise<AuthModuleOptions>,
): Promise<Sealed<GivenOptions>> {
  const release = holdProcess();
  try {
    return new Sealed({ options: await make(), mayHaveExtras: false });
  } finally {
    release();
  }
}
