import { errorMonitor } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import {
  Controller,
  Get,
  Injectable,
  Module,
  Scope,
  type INestApplication,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Redis } from 'ioredis';
import {
  AuthModule,
  InjectPortOneFetch,
  RequirePermission,
  TokenService,
  type PortOneFetch,
} from '../../../lib/index.js';
import { RedisTokenStore } from '../../../lib/redis/index.js';
import { PortOneEmulator } from '../../../lib/testing/index.js';
import { useRedis } from '../../support/redis-hooks.js';
import { until } from '../../support/virtual-time.js';

const APPS = 10;
const REQUESTS = 50;

const perRequest: WeakRef<object>[] = [];

@Injectable({ scope: Scope.REQUEST })
class Payments {
  constructor(
    readonly http: HttpService,
    @InjectPortOneFetch() readonly fetch: PortOneFetch,
    readonly tokens: TokenService,
  ) {
    perRequest.push(new WeakRef(this));
  }
}

@Controller()
class PaymentsController {
  constructor(private readonly payments: Payments) {}

  @Get()
  @RequirePermission('TX_READ')
  async list(): Promise<number[]> {
    const { http, fetch, tokens } = this.payments;
    await tokens.getAccessToken({ signal: new AbortController().signal });
    const answers = [
      await http.axiosRef.get('/payments'),
      await fetch('/payments'),
    ];
    return answers.map(({ status }) => status);
  }
}

const areCollected = (refs: readonly WeakRef<object>[]) =>
  until(() => {
    global.gc!();
    return refs.every((ref) => ref.deref() === undefined);
  });

describe('Nothing is left', () => {
  const redis = useRedis();
  let portone: PortOneEmulator;
  let client: Redis;

  beforeAll(async () => {
    portone = await PortOneEmulator.start();
    client = new Redis(redis.url).on('error', () => undefined);
  });
  afterAll(async () => {
    client.disconnect();
    await portone.stop();
  });

  async function openApp(): Promise<INestApplication> {
    @Module({
      imports: [
        AuthModule.forRootAsync({
          useFactory: () => ({
            apiSecret: portone.apiSecret,
            baseURL: portone.url,
            store: new RedisTokenStore(client),
          }),
        }),
      ],
      controllers: [PaymentsController],
      providers: [Payments],
    })
    class App {}
    const module = await Test.createTestingModule({ imports: [App] }).compile();
    const app = module.createNestApplication({ logger: false });
    await app.listen(0);
    return app;
  }

  const listPayments = async (app: INestApplication): Promise<unknown> =>
    (await fetch(await app.getUrl())).json();

  const openAndClose = async (): Promise<WeakRef<object>> => {
    const app = await openApp();
    expect(await listPayments(app)).toEqual([200, 200]);
    await app.close();
    return new WeakRef(app.get(TokenService));
  };

  it('of an app that was closed, but one listener for each Redis client', async () => {
    const listeners = process
      .eventNames()
      .map((name) => [name, process.listenerCount(name as string)]);
    const services: WeakRef<object>[] = [];
    for (let app = 0; app < APPS; app += 1) services.push(await openAndClose());
    await areCollected(services);
    expect(client.listenerCount(errorMonitor)).toBe(1);
    expect(
      process
        .eventNames()
        .map((name) => [name, process.listenerCount(name as string)]),
    ).toEqual(listeners);
  });

  it('of a request, when what was made for it is injected with our providers', async () => {
    const app = await openApp();
    perRequest.length = 0;
    for (let request = 0; request < REQUESTS; request += 1) {
      if (request % 10 === 5) portone.revokeAccessTokens();
      expect(await listPayments(app)).toEqual([200, 200]);
    }
    expect(perRequest).toHaveLength(REQUESTS);
    await areCollected(perRequest);
    await app.close();
  });
});
