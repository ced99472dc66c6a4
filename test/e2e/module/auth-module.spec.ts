import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpModule, HttpService } from '@nestjs/axios';
import { Injectable, Module, type DynamicModule } from '@nestjs/common';
import axios from 'axios';
import { firstValueFrom } from 'rxjs';
import {
  AuthConfigurationError,
  AuthModule,
  PermissionGuard,
  PortOneAuthModule,
  PortOneHttpService,
  TokenService,
  type AuthModuleOptions,
} from '../../../lib/index.js';
import type { PortOneEmulator } from '../../../lib/testing/index.js';
import { boot, closeAll, openPortOne, bootError } from './boot.js';

const payment = '/payments/payment-1';
let portone: PortOneEmulator;
let options: () => AuthModuleOptions;

describe('AuthModule', () => {
  beforeEach(async () => {
    ({ portone, options } = await openPortOne());
  });
  afterEach(closeAll);

  it('forRoot gives HttpService, PortOneHttpService, TokenService and PermissionGuard', async () => {
    const module = await boot(AuthModule.forRoot(options()));
    const http = module.get(HttpService, { strict: false });
    expect(http).toBe(module.get(PortOneHttpService, { strict: false }));
    expect(module.get(TokenService, { strict: false })).toBeInstanceOf(
      TokenService,
    );
    expect(module.get(PermissionGuard, { strict: false })).toBeInstanceOf(
      PermissionGuard,
    );
    const answer = await firstValueFrom(http.get(payment));
    expect(answer.status).toBe(200);
    expect(PortOneAuthModule).toBe(AuthModule);
  });

  it('forRootAsync accepts useFactory with inject and imports', async () => {
    @Module({
      providers: [{ provide: 'SECRET', useFactory: () => portone.apiSecret }],
      exports: ['SECRET'],
    })
    class ConfigModule {}
    const module = await boot(
      AuthModule.forRootAsync({
        imports: [ConfigModule],
        inject: ['SECRET'],
        useFactory: (apiSecret: string) =>
          Promise.resolve({ apiSecret, baseURL: portone.url }),
      }),
    );
    await module.get(TokenService, { strict: false }).getAccessToken();
    expect(portone.calls.login).toBe(1);
  });

  @Injectable()
  class OptionsFactory {
    createAuthOptions = () => options();
  }
  @Module({ providers: [OptionsFactory], exports: [OptionsFactory] })
  class OptionsModule {}

  it.each([
    ['useClass', () => AuthModule.forRootAsync({ useClass: OptionsFactory })],
    [
      'useExisting',
      () =>
        AuthModule.forRootAsync({
          imports: [OptionsModule],
          useExisting: OptionsFactory,
        }),
    ],
  ])('forRootAsync accepts %s', async (_, register) => {
    const module = await boot(register());
    await module.get(TokenService, { strict: false }).getAccessToken();
    expect(portone.calls.login).toBe(1);
  });

  it('forRootAsync throws at once without useFactory, useClass and useExisting, or with two of them', () => {
    expect(() => AuthModule.forRootAsync({})).toThrow(AuthConfigurationError);
    expect(() =>
      AuthModule.forRootAsync({
        useClass: OptionsFactory,
        useFactory: () => options(),
      }),
    ).toThrow(AuthConfigurationError);
  });

  it.each(['forRoot', 'forRootAsync'] as const)(
    '%s without an argument says what it needs',
    async (method) => {
      const register = AuthModule[method] as () => DynamicModule;
      const failed = (async () => bootError(register()))();
      const error: unknown = await failed.catch((reason: unknown) => reason);
      expect(String(error)).toMatch(
        /apiSecret|needs exactly one of useFactory/,
      );
      expect(error).toBeInstanceOf(AuthConfigurationError);
    },
  );

  it.each([
    [{ name: '' }, 'name'],
    [{ name: ' ' }, 'name'],
    [{ name: 5 }, 'name'],
    [{ isGlobal: 'false' }, 'isGlobal'],
  ])('throws at once for %j', (extras, field) => {
    for (const register of [
      () => AuthModule.forRoot({ ...options(), ...extras } as never),
      () =>
        AuthModule.forRootAsync({ useFactory: options, ...extras } as never),
    ])
      expect(register).toThrow(`- ${field}: must be`);
  });

  it('forRoot accepts an instance of a class with getters', async () => {
    class Settings {
      readonly isGlobal = true;
      get apiSecret() {
        return portone.apiSecret;
      }
      get baseURL() {
        return portone.url;
      }
    }
    const module = await boot(AuthModule.forRoot(new Settings()));
    const tokens = module.get(TokenService, { strict: false });
    expect(await tokens.getAccessToken()).toMatch(/^eyJ/);
  });

  it('names a class without createAuthOptions()', async () => {
    class Wrong {}
    const error = await bootError(
      AuthModule.forRootAsync({ useClass: Wrong as never }),
    );
    expect(error).toBeInstanceOf(AuthConfigurationError);
    expect(String(error)).toContain('useClass names a provider without');
  });

  it('stops the boot for a bad option, and the error names it and the allowed values', async () => {
    const error = await bootError(
      AuthModule.forRoot({ ...options(), tokenTimeout: 0 }),
    );
    expect(error).toBeInstanceOf(AuthConfigurationError);
    expect((error as Error).message).toContain(
      'tokenTimeout: must be whole milliseconds from 1 to 86400000',
    );
  });

  it('is visible in other modules only with isGlobal', async () => {
    @Injectable()
    class Feature {
      constructor(readonly http: HttpService) {}
    }
    @Module({ providers: [Feature] })
    class FeatureModule {}
    const module = await boot(
      AuthModule.forRoot({ ...options(), isGlobal: true }),
      FeatureModule,
    );
    const { http } = module.get(Feature, { strict: false });
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    const error = await bootError(AuthModule.forRoot(options()), FeatureModule);
    expect(String(error)).toContain("can't resolve dependencies");
  });

  it('can be registered in one module and re-exported from there', async () => {
    @Injectable()
    class Feature {
      constructor(readonly http: HttpService) {}
    }
    @Module({
      imports: [AuthModule.forRoot(options())],
      exports: [AuthModule],
    })
    class PortOneModule {}
    @Module({ imports: [PortOneModule], providers: [Feature] })
    class FeatureModule {}
    const module = await boot(FeatureModule);
    const { http } = module.get(Feature, { strict: false });
    expect((await http.axiosRef.get(payment)).status).toBe(200);
  });

  it('adds no token to the global axios and to other HttpModules', async () => {
    @Injectable()
    class Other {
      constructor(readonly http: HttpService) {}
    }
    @Module({ imports: [HttpModule], providers: [Other] })
    class OtherModule {}
    const module = await boot(
      AuthModule.forRoot({ ...options(), isGlobal: true }),
      OtherModule,
    );
    const { http } = module.get(Other, { strict: false });
    for (const call of [axios.get, http.axiosRef.get.bind(http.axiosRef)]) {
      await expect(call(`${portone.url}${payment}`)).rejects.toMatchObject({
        response: { status: 401 },
      });
    }
    expect(
      portone.calls.requests
        .filter(({ endpoint }) => endpoint === 'api')
        .every(({ headers }) => headers.authorization === undefined),
    ).toBe(true);
  });

  it('does not use the headers of `http` for token calls', async () => {
    const module = await boot(
      AuthModule.forRoot({
        ...options(),
        http: { timeout: 5_000, headers: { 'x-mine': '1' }, proxy: false },
      }),
    );
    await module
      .get(PortOneHttpService, { strict: false })
      .axiosRef.get(payment);
    const [login, api] = portone.calls.requests;
    expect(login?.headers['x-mine']).toBeUndefined();
    expect(api?.headers['x-mine']).toBe('1');
  });
});
