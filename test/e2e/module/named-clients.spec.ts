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
import { boot, closeAll, openPortOne, refusal } from './boot.js';

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

  it('gives named clients under their names, with a token each', async () => {
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
});
