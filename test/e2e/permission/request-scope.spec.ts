import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Injectable,
  Module,
  Scope,
  type CanActivate,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  AuthModule,
  RequirePermission,
  type AuthModuleAsyncOptions,
  type AuthModuleOptions,
} from '../../../lib/index.js';
import {
  closeGuardedApps,
  openGuardedApp,
  openPortOne,
  problemsOf,
} from './guarded-app.js';

@Injectable({ scope: Scope.REQUEST })
class Tenant {}

@Injectable({ scope: Scope.REQUEST, durable: true })
class DurableTenant {}

@Injectable()
class Region {}

@Injectable({ scope: Scope.TRANSIENT })
class Trace {}

@Injectable()
class Directory {
  constructor(readonly tenant: Tenant) {}
}

@Module({
  providers: [Tenant, DurableTenant, Directory, Region, Trace],
  exports: [Tenant, DurableTenant, Directory, Region, Trace],
})
class TenantModule {}

@Injectable()
class OptionsOfTenant {
  constructor(readonly tenant: Tenant) {}

  createAuthOptions(): AuthModuleOptions {
    return { apiSecret: 'secret' };
  }
}

const useFactory = (): AuthModuleOptions => ({ apiSecret: 'secret' });

const tenantClient = (options: AuthModuleAsyncOptions) =>
  AuthModule.forRootAsync({
    name: 'tenant',
    isGlobal: true,
    imports: [TenantModule],
    ...options,
  });

@Injectable({ scope: Scope.REQUEST })
class TenantGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@Controller()
class Guarded {
  @Get()
  @RequirePermission({ client: 'tenant' }, 'TX_READ')
  list() {}
}

afterEach(closeGuardedApps);

describe('An app with options from a factory', () => {
  const PROBLEM =
    "forRootAsync the options of the client 'tenant' depend on a request-scoped provider, so it would log in again for every request; a client must be a singleton: inject nothing request-scoped, and register one client per tenant by name";

  it.each<[string, AuthModuleAsyncOptions]>([
    ['a request-scoped provider', { inject: [Tenant], useFactory }],
    ['a durable provider', { inject: [DurableTenant], useFactory }],
    ['a provider that depends on one', { inject: [Directory], useFactory }],
    ['a class that depends on one', { useClass: OptionsOfTenant }],
  ])(
    'does not boot when the options need a request-scoped provider: %s',
    async (_, options) => {
      const imports = [tenantClient(options)];
      expect(await problemsOf({ imports })).toEqual([PROBLEM]);
      expect(await problemsOf({ imports, controllers: [Guarded] })).toEqual([
        PROBLEM,
      ]);
    },
  );

  it('boots when the options need singletons and transient providers, even with a request-scoped global guard', async () => {
    const { apiSecret, url: baseURL } = await openPortOne();
    const { ask } = await openGuardedApp({
      controllers: [Guarded],
      providers: [{ provide: APP_GUARD, useClass: TenantGuard }],
      imports: [
        tenantClient({
          inject: [Region, Trace],
          useFactory: () => ({ apiSecret, baseURL }),
        }),
      ],
    });
    expect((await ask('/')).status).toBe(200);
  });
});
