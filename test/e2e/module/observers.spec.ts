import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import {
  Controller,
  Get,
  Injectable,
  Module,
  type DynamicModule,
  type INestApplication,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createObserveModule } from '@nestjs/observe';
import {
  AuthModule,
  getTokenServiceToken,
  InjectHttpService,
  InjectPortOneFetch,
  PortOneHttpService,
  RequirePermission,
  TokenService,
  type AuthModuleOptions,
  type PortOneFetch,
} from '../../../lib/index.js';
import { MemoryTokenStore } from '../../../lib/store/memory-token.store.js';
import { PortOneEmulator } from '../../../lib/testing/index.js';
import { wrapAll, wrapMethods } from '../../support/observers.js';

type Decorator = <T>(instance: T) => T;

const payment = '/payments/payment-1';

@Controller()
class Routes {
  constructor(
    readonly http: HttpService,
    readonly own: PortOneHttpService,
    @InjectHttpService('b') readonly other: HttpService,
    @InjectPortOneFetch() readonly fetch: PortOneFetch,
    @InjectPortOneFetch('b') readonly otherFetch: PortOneFetch,
  ) {}

  @Get('paid')
  @RequirePermission('TX_READ')
  async paid(): Promise<unknown[]> {
    const statuses: unknown[] = [];
    for (const http of [this.http, this.own, this.other])
      statuses.push((await http.axiosRef.get(payment)).status);
    for (const fetch of [this.fetch, this.otherFetch])
      statuses.push((await fetch(payment)).status);
    return statuses;
  }

  @Get('denied')
  @RequirePermission('TX_UPDATE')
  denied(): void {}

  @Get('denied-b')
  @RequirePermission({ client: 'b' }, 'TX_UPDATE')
  deniedOfB(): void {}
}

let portone: PortOneEmulator;
let app: INestApplication;

@Injectable()
class Factory {
  createAuthOptions = (): AuthModuleOptions => options();
}
@Module({ providers: [Factory], exports: [Factory] })
class FactoryModule {}
class CountingStore extends MemoryTokenStore {
  static updates = 0;
  readonly #step = 1;

  override update(...given: Parameters<MemoryTokenStore['update']>) {
    CountingStore.updates += this.#step;
    return super.update(...given);
  }
}
@Module({
  providers: [
    { provide: 'STORE', useFactory: () => new CountingStore() },
    { provide: 'SECRET', useValue: () => portone.apiSecret },
  ],
  exports: ['STORE', 'SECRET'],
})
class PartsModule {}

const options = (): AuthModuleOptions => ({
  apiSecret: () => portone.apiSecret,
  baseURL: portone.url,
  renewal: { backoff: { initial: 10 } },
});

const registrations: [string, () => DynamicModule][] = [
  ['forRoot', () => AuthModule.forRoot(options())],
  [
    'forRoot with a string',
    () => AuthModule.forRoot({ ...options(), apiSecret: portone.apiSecret }),
  ],
  [
    'useFactory with a store and a secret function that are providers',
    () =>
      AuthModule.forRootAsync({
        imports: [PartsModule],
        inject: ['STORE', 'SECRET'],
        useFactory: (store: MemoryTokenStore, apiSecret: () => string) => ({
          ...options(),
          store,
          apiSecret,
        }),
      }),
  ],
  ['useClass', () => AuthModule.forRootAsync({ useClass: Factory })],
  [
    'useExisting',
    () =>
      AuthModule.forRootAsync({
        imports: [FactoryModule],
        useExisting: Factory,
      }),
  ],
];

const observe = createObserveModule();
const decorators: [string, Decorator, DynamicModule[]][] = [
  ['wraps the methods of every provider', wrapMethods, []],
  ['wraps every object that a provider gives access to', wrapAll, []],
  [
    'is @nestjs/observe',
    observe.ObserveInstrument!.instanceDecorator as Decorator,
    [
      observe.ObserveModule.forRoot({
        serviceId: 'test',
        token: 'none',
      } as never),
    ],
  ],
];

const start = async (
  instanceDecorator: Decorator,
  imports: DynamicModule[],
): Promise<string> => {
  @Module({ imports, controllers: [Routes] })
  class App {}
  app = await NestFactory.create(App, {
    logger: false,
    abortOnError: false,
    instrument: { instanceDecorator },
  });
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
};

describe.each(decorators)('An observer that %s', (_, decorator, more) => {
  afterEach(async () => {
    await app?.close();
    await portone.stop();
  });

  it.each(registrations)(
    'does not change boot, calls, replays after a 401 and denials: %s',
    async (__, register) => {
      portone = await PortOneEmulator.start({ permissions: ['TX_READ'] });
      const url = await start(decorator, [
        register(),
        AuthModule.forRoot({ ...options(), name: 'b' }),
        ...more,
      ]);
      const ask = async (path: string) => {
        const response = await fetch(`${url}/${path}`);
        const text = await response.text();
        return [
          response.status,
          text && (JSON.parse(text) as unknown),
        ] as const;
      };
      expect(await ask('paid')).toEqual([200, [200, 200, 200, 200, 200]]);
      const code = 'PORTONE_SERVICE_PERMISSION_MISSING';
      for (const path of ['denied', 'denied-b']) {
        const [status, body] = await ask(path);
        expect([status, body]).toEqual([
          403,
          expect.objectContaining({ code }),
        ]);
      }
      portone.revokeAccessTokens();
      expect(await ask('paid')).toEqual([200, [200, 200, 200, 200, 200]]);
    },
  );

  it('does not prevent the use of a store that is a provider', async () => {
    portone = await PortOneEmulator.start();
    CountingStore.updates = 0;
    await start(decorator, [
      registrations[2]![1](),
      AuthModule.forRoot({ ...options(), name: 'b' }),
      ...more,
    ]);
    await app.get(TokenService).renew();
    expect(CountingStore.updates).toBe(2);
    expect(portone.calls.refresh).toBe(1);
  });

  it('does not change any method of TokenService, nor its events', async () => {
    portone = await PortOneEmulator.start({ permissions: ['TX_READ'] });
    await start(decorator, [
      AuthModule.forRoot({ ...options(), eager: false }),
      AuthModule.forRoot({ ...options(), name: 'b' }),
      ...more,
    ]);
    const tokens = app.get(TokenService);
    const seen: string[] = [];
    const subscription = tokens.events$.subscribe(({ type }) => {
      seen.push(type);
    });
    const { getAccessToken, peekAccessToken } = tokens;
    const token = await getAccessToken();
    expect(peekAccessToken()).toBe(token);
    expect(
      await tokens.getAccessToken({ signal: AbortSignal.timeout(9e3) }),
    ).toBe(token);
    const claims = await tokens.getClaims();
    expect(claims.iss).toBe('IAMPORT');
    expect(tokens.hasPermission('TX_READ')).toBe(true);
    expect(tokens.missingPermissions('TX_UPDATE')).toEqual(['TX_UPDATE']);
    expect(tokens.snapshot()).toMatchObject({
      client: 'default',
      state: 'fresh',
    });
    tokens.invalidate(token);
    await tokens.getAccessToken();
    await tokens.renew();
    expect(
      app.get(getTokenServiceToken('b'), { strict: false }).snapshot(),
    ).toMatchObject({
      client: 'b',
      state: 'fresh',
    });
    subscription.unsubscribe();
    expect(seen).toEqual(['acquired', 'invalidated', 'renewed', 'renewed']);
  });
});
