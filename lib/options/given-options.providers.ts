import type { Provider } from '@nestjs/common';
import { AuthConfigurationError } from '../errors/index.js';
import type { AuthModuleAsyncOptions } from './auth-module-definition.js';
import type { AuthModuleOptionsFactory } from './auth-module-options.js';
import { GIVEN_OPTIONS } from './options.tokens.js';

/** The providers behind useFactory, useClass or useExisting. Throws {@link AuthConfigurationError} unless exactly one is given. */
export function givenOptionsProviders(
  options: AuthModuleAsyncOptions,
): Provider[] {
  const { inject = [], useFactory, useClass, useExisting } = options;
  if ([useFactory, useClass, useExisting].filter(Boolean).length !== 1) {
    throw new AuthConfigurationError([
      {
        field: 'forRootAsync',
        message: 'needs exactly one of useFactory, useClass and useExisting',
      },
    ]);
  }
  if (useFactory) return [{ provide: GIVEN_OPTIONS, useFactory, inject }];
  const factory = useClass ?? useExisting!;
  return [
    ...(useClass ? [useClass] : []),
    {
      provide: GIVEN_OPTIONS,
      useFactory: (from: AuthModuleOptionsFactory) => from.createAuthOptions(),
      inject: [factory],
    },
  ];
}
