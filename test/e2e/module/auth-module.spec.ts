import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpModule, HttpService } from '@nestjs/axios';
import { Inject, Injectable, Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import axios from 'axios';
import { firstValueFrom } from 'rxjs';
import {
  AuthConfigurationError,
  AuthModule,
  getHttpServiceToken,
  getTokenServiceToken,
  InjectHttpService,
  InjectTokenService,
  PermissionGuard,
  PortOneAuthModule,
  PortOneHttpService,
  TokenService,
  type AuthModuleOptions,
} from '../../../lib/index.js';
import { PortOneEmulator } from '../../../lib/testing/index.js';

const payment = '/payments/payment-1';
let portone: PortOneEmulator;
let open: TestingModule[] = [];

const options = (): AuthModuleOptions => ({
  apiSecret: portone.apiSecret,
  baseURL: portone.url,
});

async function boot(
  ...imports: (DynamicModule | (new () => object))[]
): Promise<TestingModule> {
  const module = await Test.createTestingModule({ imports }).compile();
  module.useLogger(false);
  open.push(module);
  return module.init();
}

const refusal = (...imports: Parameters<typeof boot>): Promise<unknown> =>
  boot(...imports).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('AuthModule', () => {
  beforeEach(async () => {
    portone = await PortOneEmulator.start();
  });
  afterEach(async () => {
    for (const module of open.splice(0)) await module.close();
    await portone.stop();
  });

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

  it('forRootAsync takes useFactory with inject and imports', async () => {
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
    createAuthOptions = options;
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
  ])('forRootAsync takes %s', async (_, register) => {
    const module = await boot(register());
    await module.get(TokenService, { strict: false }).getAccessToken();
    expect(portone.calls.login).toBe(1);
  });

  it('forRootAsync without one of the three, or with two, is refused at once', () => {
    expect(() => AuthModule.forRootAsync({})).toThrow(AuthConfigurationError);
    expect(() =>
      AuthModule.forRootAsync({
        useClass: OptionsFactory,
        useFactory: options,
      }),
    ).toThrow(AuthConfigurationError);
  });

  it('stops the boot on a bad option, named with its cure', async () => {
    const error = await refusal(
      AuthModule.forRoot({ ...options(), tokenTimeout: 0 }),
    );
    expect(error).toBeInstanceOf(AuthConfigurationError);
    expect((error as Error).message).toContain(
      'tokenTimeout: must be whole milliseconds from 1 to 86400000',
    );
  });

  @Injectable()
  class Payments {
    constructor(
      readonly http: HttpService,
      @InjectHttpService('b') readonly other: HttpService,
      @InjectTokenService('b') readonly tokens: TokenService,
    ) {}
  }

  it('is visible everywhere only when isGlobal', async () => {
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
    const error = await refusal(AuthModule.forRoot(options()), FeatureModule);
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

  it('gives named clients under their names, with a token each', async () => {
    const b = await PortOneEmulator.start({ apiSecret: 'secret-of-b' });
    @Module({ providers: [Payments] })
    class PaymentsModule {}
    const module = await boot(
      AuthModule.forRoot({ ...options(), isGlobal: true }),
      AuthModule.forRoot({
        apiSecret: 'secret-of-b',
        baseURL: b.url,
        isGlobal: true,
        name: 'b',
      }),
      PaymentsModule,
    );
    const { http, other, tokens } = module.get(Payments, { strict: false });
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    expect((await other.axiosRef.get(payment)).status).toBe(200);
    expect(http).not.toBe(other);
    expect(tokens.snapshot().client).toBe('b');
    expect(portone.calls).toMatchObject({ login: 1, api: 1, unauthorized: 0 });
    expect(b.calls).toMatchObject({ login: 1, api: 1, unauthorized: 0 });
    expect(module.get(getTokenServiceToken('b'), { strict: false })).toBe(
      tokens,
    );
    expect(module.get(getHttpServiceToken('b'), { strict: false })).toBe(other);
    await b.stop();
  });

  it('of a named client exports nothing a default client could be taken for', async () => {
    @Injectable()
    class Wants {
      constructor(@Inject(TokenService) readonly tokens: TokenService) {}
    }
    @Module({
      imports: [AuthModule.forRoot({ ...options(), name: 'b' })],
      providers: [Wants],
    })
    class FeatureModule {}
    expect(String(await refusal(FeatureModule))).toContain(
      "can't resolve dependencies",
    );
  });

  it.each([undefined, 'b'])(
    'registered twice under one name (%s) stops the boot',
    async (name) => {
      const extras = name === undefined ? {} : { name };
      const error = await refusal(
        AuthModule.forRoot({ ...options(), ...extras }),
        AuthModule.forRoot({ ...options(), tokenTimeout: 5_000, ...extras }),
      );
      expect(error).toBeInstanceOf(AuthConfigurationError);
      expect((error as Error).message).toContain(
        `'${name ?? 'default'}' is registered 2 times`,
      );
    },
  );

  it('leaves the global axios and every other HttpModule without a token', async () => {
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

  it('lets agents and proxy of `http` serve token calls, and nothing else of it', async () => {
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
