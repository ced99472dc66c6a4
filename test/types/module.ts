import { Injectable, Module, type DynamicModule } from '@nestjs/common';
import { HttpService } from '@nestjs/axios';
import {
  AuthModule,
  PortOneAuthModule,
  PortOneHttpService,
  type AuthModuleOptions,
  type AuthModuleOptionsFactory,
} from 'nestjs-portone-auth';
import { expectType, type Same } from './expect-type.js';

expectType<Same<typeof PortOneAuthModule, typeof AuthModule>>();
expectType<Same<ReturnType<typeof AuthModule.forRoot>, DynamicModule>>();

AuthModule.forRoot({ apiSecret: 'secret' });
AuthModule.forRoot({ apiSecret: () => 'secret', isGlobal: true, name: 'b' });
AuthModule.forRoot({
  apiSecret: async () => 'secret',
  renewal: { background: false, backoff: { max: 5_000 } },
});
// @ts-expect-error: the secret is required
AuthModule.forRoot({});
// @ts-expect-error: there is no such option
AuthModule.forRoot({ apiSecret: 'secret', apiSecrets: 'typo' });
// @ts-expect-error: the module sets it
AuthModule.forRoot({ apiSecret: 'secret', http: { baseURL: 'x' } });
// @ts-expect-error: the module sets it
AuthModule.forRoot({ apiSecret: 'secret', http: { auth: undefined } });
// @ts-expect-error: there is no such strategy
AuthModule.forRoot({ apiSecret: 'secret', renewal: { strategy: 'never' } });

@Injectable()
class Config {
  getOrThrow(key: string): string {
    return key;
  }
}

@Injectable()
class Options implements AuthModuleOptionsFactory {
  createAuthOptions(): AuthModuleOptions {
    return { apiSecret: 'secret' };
  }
}

AuthModule.forRootAsync({
  isGlobal: true,
  inject: [Config],
  useFactory: (config: Config) => ({ apiSecret: config.getOrThrow('secret') }),
});
AuthModule.forRootAsync({
  inject: [Config],
  useFactory: async (config: Config) => ({
    apiSecret: config.getOrThrow('secret'),
  }),
});
AuthModule.forRootAsync({ useClass: Options });
AuthModule.forRootAsync({ useExisting: Options, imports: [class Shared {}] });
// @ts-expect-error: a factory must return the secret
AuthModule.forRootAsync({ useFactory: () => ({}) });
// @ts-expect-error: Config has no createAuthOptions()
AuthModule.forRootAsync({ useClass: Config });
// isGlobal and name change the list of providers, so a factory cannot return them.
expectType<
  Same<Extract<keyof AuthModuleOptions, 'isGlobal' | 'name'>, never>
>();

@Module({ imports: [AuthModule.forRoot({ apiSecret: 'secret' })] })
export class AppModule {
  constructor(http: PortOneHttpService) {
    // PortOneHttpService is an HttpService, so code that needs an HttpService accepts it.
    const accepted: HttpService = http;
    void accepted;
  }
}
