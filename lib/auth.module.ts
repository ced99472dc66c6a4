import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { HttpService } from '@nestjs/axios';
import type { SchedulerLike } from 'rxjs';
import { createHttpService } from './http/create-http-service.js';
import { getHttpServiceToken } from './http/http-service.token.js';
import type {
  AuthModuleAsyncOptions,
  AuthModuleExtras,
  AuthModuleSyncOptions,
} from './options/auth-module-definition.js';
import type { AuthModuleOptions } from './options/auth-module-options.js';
import { givenOptionsProviders } from './options/given-options.providers.js';
import {
  CLIENT_NAME,
  GIVEN_OPTIONS,
  RESOLVED_OPTIONS,
} from './options/options.tokens.js';
import type { ResolvedAuthOptions } from './options/resolve-options.js';
import { assertUniqueClient } from './options/unique-client.js';
import {
  type ClientPermissions,
  createClientPermissions,
  getClientPermissionsToken,
} from './permission/client-permissions.js';
import { GuardedHandlers } from './permission/boot/guarded-handlers.js';
import { PermissionGuard } from './permission/permission.guard.js';
import { PermissionModule } from './permission/boot/permission.module.js';
import { ServiceBootCheck } from './permission/boot/service-boot-check.js';
import { MemoryTokenStore } from './store/memory-token.store.js';
import { systemClock, type Clock } from './time/clock.js';
import { CLOCK, RANDOM, SCHEDULER } from './time/time.tokens.js';
import {
  DEFAULT_CLIENT,
  getTokenServiceToken,
} from './token/token-service.token.js';
import { createTokenService } from './token/create-token-service.js';
import { unrefScheduler } from './time/unref-scheduler.js';

/** Gives an app a PortOne access token that is always there: `TokenService`, `HttpService` and `PermissionGuard`. */
@Module({})
export class AuthModule {
  /**
   * Registers a client with options that are known now.
   *
   * @throws AuthConfigurationError at boot, naming every bad field
   */
  static forRoot(options: AuthModuleSyncOptions): DynamicModule {
    const { isGlobal, name, ...given } = options;
    return compose({ isGlobal, name }, [
      { provide: GIVEN_OPTIONS, useValue: given },
    ]);
  }

  /**
   * Registers a client whose options come from `useFactory`, `useClass` or `useExisting`.
   *
   * @throws AuthConfigurationError when none or several of the three are given; at boot, naming every bad field
   */
  static forRootAsync(options: AuthModuleAsyncOptions): DynamicModule {
    return compose(options, givenOptionsProviders(options), options.imports);
  }
}

function compose(
  { isGlobal = false, name = DEFAULT_CLIENT }: AuthModuleExtras,
  given: Provider[],
  imports: DynamicModule['imports'] = [],
): DynamicModule {
  const isDefault = name === DEFAULT_CLIENT;
  const tokenService = getTokenServiceToken(name);
  const httpService = getHttpServiceToken(name);
  const clientPermissions = getClientPermissionsToken(name);
  return {
    module: AuthModule,
    global: isGlobal,
    imports: [PermissionModule, ...imports],
    providers: [
      ...given,
      { provide: CLIENT_NAME, useValue: name },
      { provide: CLOCK, useValue: systemClock },
      { provide: SCHEDULER, useValue: unrefScheduler },
      { provide: RANDOM, useValue: Math.random },
      {
        provide: RESOLVED_OPTIONS,
        inject: [GIVEN_OPTIONS, ModulesContainer],
        useFactory: async (
          options: AuthModuleOptions,
          modules: ModulesContainer,
        ) => {
          assertUniqueClient(modules, name);
          const { resolveOptions } =
            await import('./options/resolve-options.js');
          return resolveOptions(options, name);
        },
      },
      {
        provide: tokenService,
        inject: [RESOLVED_OPTIONS, CLOCK, SCHEDULER, RANDOM],
        useFactory: (
          options: ResolvedAuthOptions,
          clock: Clock,
          scheduler: SchedulerLike,
          random: () => number,
        ) =>
          createTokenService(
            {
              store: new MemoryTokenStore(() => clock.now().monotonic),
              ...options,
              clock,
              scheduler,
              random,
            },
            { baseURL: options.baseURL, network: options.http },
          ),
      },
      {
        provide: httpService,
        inject: [RESOLVED_OPTIONS, tokenService, SCHEDULER],
        useFactory: createHttpService,
      },
      {
        provide: clientPermissions,
        inject: [RESOLVED_OPTIONS, tokenService, CLOCK, SCHEDULER],
        useFactory: createClientPermissions,
      },
      {
        provide: ServiceBootCheck,
        inject: [GuardedHandlers, clientPermissions],
        useFactory: (
          handlers: GuardedHandlers,
          permissions: ClientPermissions,
        ) => new ServiceBootCheck(handlers, permissions),
      },
      ...(isDefault
        ? [PermissionGuard, { provide: HttpService, useExisting: httpService }]
        : []),
    ],
    exports: [
      tokenService,
      httpService,
      ...(isDefault ? [HttpService, PermissionGuard] : []),
    ],
  };
}
