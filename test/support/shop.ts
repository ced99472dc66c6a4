import { Test, type TestingModule } from '@nestjs/testing';
import type { Type, DynamicModule, LoggerService } from '@nestjs/common';
import {
  AuthModule,
  getPortOneFetchToken,
  PortOneHttpService,
  TokenService,
  type AuthModuleOptions,
  type PortOneFetch,
} from '../../lib/index.js';
import {
  PortOneEmulator,
  type PortOneEmulatorOptions,
} from '../../lib/testing/index.js';
import { inVirtualTime } from './in-virtual-time.js';
import { until, VirtualTime } from './virtual-time.js';

/** An emulator and an app that uses it, both in virtual time. */
export interface Shop {
  readonly portone: PortOneEmulator;
  readonly module: TestingModule;
  readonly tokens: TokenService;
  readonly http: PortOneHttpService;
  readonly fetch: PortOneFetch;
  readonly time: VirtualTime;
  /** Moves virtual time forward. After each timer it waits until the renewal that the timer started has ended. */
  advance(ms: number): Promise<void>;
}

const open: { close(): Promise<unknown> }[] = [];

/** Closes everything that {@link openShop} and {@link openEmulator} have opened; for `afterEach`. */
export async function closeShops(): Promise<void> {
  for (const shop of open.splice(0).reverse()) await shop.close();
}

export async function openEmulator(
  options: PortOneEmulatorOptions = {},
): Promise<PortOneEmulator> {
  const portone = await PortOneEmulator.start(options);
  open.push({ close: () => portone.stop() });
  return portone;
}

export async function openShop(
  given: {
    options?: Partial<AuthModuleOptions>;
    emulator?: PortOneEmulatorOptions;
    portone?: PortOneEmulator;
    imports?: (DynamicModule | Type)[];
    time?: VirtualTime;
    random?: () => number;
    logger?: LoggerService;
    /** Runs after the module is compiled and before the app boots. */
    beforeInit?: (shop: Pick<Shop, 'portone' | 'time'>) => void;
  } = {},
): Promise<Shop> {
  const time = given.time ?? new VirtualTime();
  const portone =
    given.portone ??
    (await openEmulator({ clock: time.trueTime, ...given.emulator }));
  const builder = Test.createTestingModule({
    imports: [
      AuthModule.forRoot({
        apiSecret: portone.apiSecret,
        baseURL: portone.url,
        ...given.options,
      }),
      ...(given.imports ?? []),
    ],
  });
  const module = await inVirtualTime(builder, time, given.random).compile();
  module.useLogger(given.logger ?? false);
  open.push(module);
  given.beforeInit?.({ portone, time });
  await module.init();
  const tokens = module.get(TokenService);
  const hasSettled = () =>
    until(() => tokens.snapshot().renewsInMs !== undefined);
  return {
    portone,
    module,
    tokens,
    http: module.get(PortOneHttpService),
    fetch: module.get<PortOneFetch>(getPortOneFetchToken()),
    time,
    advance: (ms) => time.advance(ms, hasSettled),
  };
}
