import { HttpService } from '@nestjs/axios';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { clientProviders, defaultClientProviders } from './auth.providers.js';
import { getPortOneFetchToken } from './fetch/portone-fetch.token.js';
import { getHttpServiceToken } from './http/portone-http.service.js';
import {
  givenByFactory,
  givenNow,
  type AuthModuleAsyncOptions,
  type AuthModuleExtras,
  type AuthModuleSyncOptions,
} from './options/auth-module-definition.js';
import { checkExtras } from './options/registration-checks.js';
import { PermissionModule } from './permission/boot/permission.module.js';
import { PermissionGuard } from './permission/guard/permission.guard.js';
import { TimeModule } from './time/time.module.js';
import {
  DEFAULT_CLIENT,
  getTokenServiceToken,
} from './token/token-service.token.js';
import { AppClientsModule } from './token/app-clients.js';

/** Keeps a valid PortOne access token for an app, and provides `TokenService`, `HttpService` and `PermissionGuard`, which use it. */
@Module({})
export class AuthModule {
  /**
   * Registers a client with options that are known now.
   *
   * @throws AuthConfigurationError at once for a wrong `name` or `isGlobal`, and for a function instead of options; at boot for
   * wrong options, naming every wrong field
   */
  static forRoot(options: AuthModuleSyncOptions): DynamicModule {
    return compose(options ?? {}, [givenNow(options)]);
  }

  /**
   * Registers a client whose options come from `useFactory`, `useClass` or `useExisting`.
   *
   * @throws AuthConfigurationError at once when none or several of the three are given, and for any wrong or unknown field; at
   * boot for wrong options, naming every wrong field
   */
  static forRootAsync(options: AuthModuleAsyncOptions): DynamicModule {
    const given = givenByFactory(options ?? {});
    return compose(options, given, options.imports);
  }
}

function compose(
  extras: AuthModuleExtras,
  given: Provider[],
  imports: DynamicModule['imports'] = [],
): DynamicModule {
  checkExtras(extras);
  const { isGlobal = false, name = DEFAULT_CLIENT } = extras;
  const isDefault = name === DEFAULT_CLIENT;
  return {
    module: AuthModule,
    global: isGlobal,
    // Among modules of equal depth, Nest destroys the last one first. So the clients end before the connections of their stores.
    imports: [TimeModule, PermissionModule, ...imports, AppClientsModule],
    providers: [
      ...given,
      ...clientProviders(name),
      ...(isDefault ? defaultClientProviders() : []),
    ],
    exports: [
      getTokenServiceToken(name),
      getHttpServiceToken(name),
      getPortOneFetchToken(name),
      ...(isDefault ? [HttpService, PermissionGuard] : []),
    ],
  };
}
