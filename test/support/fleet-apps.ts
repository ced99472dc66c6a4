import { Test, type TestingModule } from '@nestjs/testing';
import {
  AuthModule,
  PortOneHttpService,
  TokenService,
  type AuthModuleOptions,
} from '../../lib/index.js';
import { RedisTokenStore } from '../../lib/redis/index.js';
import { systemClock } from '../../lib/time/clock.js';
import { CLOCK } from '../../lib/time/time.tokens.js';
import type { LogBook } from './log-book.js';
import { connectNodeRedis, type OpenClient } from './redis-clients.js';

/** One app of a fleet, with its own Redis client. */
export interface FleetApp {
  readonly tokens: TokenService;
  readonly http: PortOneHttpService;
  /** The types of its token events, oldest first. */
  readonly tokenEvents: string[];
}

/** How an app is set up. */
export interface FleetAppPlan {
  readonly portone: { readonly url: string; readonly apiSecret: string };
  readonly redis: { readonly url: string };
  readonly options?: Partial<AuthModuleOptions>;
  /** Default 300. */
  readonly lockMarginMs?: number;
  /** The error of the host's wall clock, in ms. Default 0. */
  readonly skewMs?: number;
  readonly connect?: (url: string) => OpenClient;
  /** Nest has one logger for all apps of a process, so give every app the same. */
  readonly log?: LogBook;
}

const open: { module: TestingModule; client: OpenClient }[] = [];

/** Boots an app in this process, in real time. It renews so often that a test sees many tokens. */
export async function openApp(plan: FleetAppPlan): Promise<FleetApp> {
  const { portone, redis, skewMs = 0, connect = connectNodeRedis } = plan;
  const { lockMarginMs = 300 } = plan;
  const client = connect(redis.url);
  const module = await Test.createTestingModule({
    imports: [
      AuthModule.forRoot({
        apiSecret: portone.apiSecret,
        baseURL: portone.url,
        // Long enough for a busy machine. No test waits for this timeout.
        tokenTimeout: 5_000,
        renewal: { at: 0.25, backoff: { initial: 100, max: 200 } },
        store: new RedisTokenStore(client.client, { lockMarginMs }),
        ...plan.options,
      }),
    ],
  })
    .overrideProvider(CLOCK)
    .useValue({
      now: () => {
        const { monotonic, wall } = systemClock.now();
        return { monotonic, wall: wall + skewMs };
      },
    })
    .compile();
  open.push({ module, client });
  module.useLogger(plan.log ?? false);
  const tokens = module.get(TokenService);
  const tokenEvents: string[] = [];
  tokens.events$.subscribe(({ type }) => tokenEvents.push(type));
  await module.init();
  return { tokens, http: module.get(PortOneHttpService), tokenEvents };
}

/** Boots several apps with the same set-up at the same time. */
export const openApps = (
  size: number,
  plan: FleetAppPlan,
): Promise<FleetApp[]> =>
  Promise.all(Array.from({ length: size }, () => openApp(plan)));

/** Closes every app that {@link openApp} has opened; for `afterEach`. */
export async function closeApps(): Promise<void> {
  await Promise.all(
    open.splice(0).map(async ({ module, client }) => {
      await module.close();
      client.close();
    }),
  );
}
