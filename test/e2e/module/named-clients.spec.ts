import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { Inject, Injectable, Module } from '@nestjs/common';
import {
  AuthConfigurationError,
  AuthModule,
  getHttpServiceToken,
  getPortOneFetchToken,
  getTokenServiceToken,
  InjectHttpService,
  InjectPortOneFetch,
  InjectTokenService,
  TokenService,
  type AuthModuleOptions,
  type PortOneFetch,
} from '../../../lib/index.js';
import type { PortOneEmulator } from '../../../lib/testing/index.js';
import { boot, closeAll, openPortOne, bootError } from './boot.js';

const payment = '/payments/payment-1';
let portone: PortOneEmulator;
let options: () => AuthModuleOptions;

describe('AuthModule with a name', () => {
  beforeEach(async () => {
    ({ portone, options } = await openPortOne());
  });
  afterEach(closeAll);

  @Injectable()
  class Payments {
    constructor(
      readonly http: HttpService,
      @InjectHttpService('b') readonly other: HttpService,
      @InjectTokenService('b') readonly tokens: TokenService,
      @InjectPortOneFetch() readonly fetch: PortOneFetch,
      @InjectPortOneFetch('b') readonly otherFetch: PortOneFetch,
    ) {}
  }

  it('provides each client under its name, with its own token', async () => {
    const { portone: b, options: optionsOfB } =
      await openPortOne('secret-of-b');
    @Module({ providers: [Payments] })
    class PaymentsModule {}
    const module = await boot(
      AuthModule.forRoot({ ...options(), isGlobal: true }),
      AuthModule.forRoot({
        ...optionsOfB(),
        isGlobal: true,
        name: 'b',
      }),
      PaymentsModule,
    );
    const { http, other, tokens, fetch, otherFetch } = module.get(Payments, {
      strict: false,
    });
    expect((await http.axiosRef.get(payment)).status).toBe(200);
    expect((await other.axiosRef.get(payment)).status).toBe(200);
    expect((await fetch(payment)).status).toBe(200);
    expect((await otherFetch(payment)).status).toBe(200);
    expect(http).not.toBe(other);
    expect(tokens.snapshot().client).toBe('b');
    expect(portone.calls).toMatchObject({ login: 1, api: 2, unauthorized: 0 });
    expect(b.calls).toMatchObject({ login: 1, api: 2, unauthorized: 0 });
    expect(module.get(getTokenServiceToken('b'), { strict: false })).toBe(
      tokens,
    );
    expect(module.get(getHttpServiceToken('b'), { strict: false })).toBe(other);
    for (const [name, ofClient] of [
      [undefined, fetch],
      ['default', fetch],
      ['b', otherFetch],
    ] as const)
      expect(module.get(getPortOneFetchToken(name), { strict: false })).toBe(
        ofClient,
      );
  });

  it('does not export TokenService as a class for a named client', async () => {
    @Injectable()
    class Consumer {
      constructor(@Inject(TokenService) readonly tokens: TokenService) {}
    }
    @Module({
      imports: [AuthModule.forRoot({ ...options(), name: 'b' })],
      providers: [Consumer],
    })
    class FeatureModule {}
    expect(String(await bootError(FeatureModule))).toContain(
      "can't resolve dependencies",
    );
  });

  it.each([undefined, 'b'])(
    'stops the boot when one name (%s) is registered twice',
    async (name) => {
      const extras = name === undefined ? {} : { name };
      const error = await bootError(
        AuthModule.forRoot({ ...options(), ...extras }),
        AuthModule.forRoot({ ...options(), tokenTimeout: 5_000, ...extras }),
      );
      expect(error).toBeInstanceOf(AuthConfigurationError);
      expect((error as Error).message).toContain(
        `'${name ?? 'default'}' is registered 2 times`,
      );
    },
  );
});
