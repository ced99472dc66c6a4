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

/** One app of a fleet, with a Redis client of its own. */
export interface FleetApp {
  readonly tokens: TokenService;
  readonly http: PortOneHttpService;
  /** What happened to its token, oldest first. */
  readonly tokenEvents: string[];
}

/** Where an app finds PortOne and Redis, and how it differs from others. */
export interface FleetAppPlan {
  readonly portone: { readonly url: string; readonly apiSecret: string };
  readonly redis: { readonly url: string };
  readonly options?: Partial<AuthModuleOptions>;
  /** Default 300. */
  readonly lockMarginMs?: number;
  /** How wrong its host's wall clock is, in ms. */
  readonly skewMs?: number;
  readonly connect?: (url: string) => OpenClient;
  /** Nest has one logger in a process: give all apps the same. */
  readonly log?: LogBook;
}

const open: { module: TestingModule; client: OpenClient }[] = [];

/** Boots an app in this process; real time, at a pace that shows many lives of a token. */
export async function openApp(plan: FleetAppPlan): Promise<FleetApp> {
  const { portone, redis, skewMs = 0, connect = connectNodeRedis } = plan;
  const { lockMarginMs = 300 } = plan;
  const client = connect(redis.url);
  const module = await Test.createTestingModule({
    imports: [
      AuthModule.forRoot({
        apiSecret: portone.apiSecret,
        baseURL: portone.url,
        // No test waits for it; a busy machine needs it.
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

/** Many of the same kind, booted at once. */
export const openApps = (
  size: number,
  plan: FleetAppPlan,
): Promise<FleetApp[]> =>
  Promise.all(Array.from({ length: size }, () => openApp(plan)));

/** Ends whatever {@link openApp} started; for `afterEach`. */
export async function closeApps(): Promise<void> {
  await Promise.all(
    open.splice(0).map(async ({ module, client }) => {
      await module.close();
      client.close();
    }),
  );
}
