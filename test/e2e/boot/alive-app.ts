// Runs in a process of its own, which only the work under test may keep alive.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import {
  AuthModule,
  RequirePermission,
  TokenService,
  TokenStore,
  type AuthModuleOptions,
  type RenewRecord,
} from '../../../lib/index.js';
import { RedisTokenStore } from '../../../lib/redis/index.js';

const { API_SECRET = '', BASE_URL = '', SILENT_URL = '' } = process.env;
const [, , what = '', style] = process.argv;

/** Resolves after 300 ms, by a timer that does not keep the process alive. */
const later = <T>(value: T): Promise<T> =>
  new Promise((resolve) => setTimeout(resolve, 300, value).unref());

const never = () => new Promise<never>(() => undefined);

class SlowStore extends TokenStore {
  constructor(private readonly answer: () => Promise<unknown>) {
    super();
  }
  override async load() {
    await this.answer();
    return undefined;
  }
  override async update(_key: string, seen: number, renew: RenewRecord) {
    await this.answer();
    return { ...(await renew(undefined, true)), generation: seen + 1 };
  }
}

const secretLater = { apiSecret: () => later(API_SECRET) };

const SITUATIONS: Record<string, () => Partial<AuthModuleOptions>> = {
  'a secret that comes late': () => secretLater,
  'options that come late': () => ({}),
  'a store that answers late': () => ({
    store: new SlowStore(() => later(undefined)),
  }),
  'a store that never answers': () => ({ store: new SlowStore(never) }),
  'a PortOne that never answers': () => ({
    baseURL: SILENT_URL,
    tokenTimeout: 86_400_000,
  }),
  'a client of node-redis that was never connected': () => ({
    store: new RedisTokenStore(createClient()),
  }),
  'a client of ioredis that was closed': () => {
    const client = new Redis({ lazyConnect: true });
    client.disconnect();
    return { store: new RedisTokenStore(client) };
  },
  'a boot check without a token': () => ({
    apiSecret: () => Promise.reject(new Error('the vault is sealed')),
    permissions: { bootCheck: 'error' },
  }),
};

@Controller()
class Sales {
  @Get()
  @RequirePermission('TX_READ')
  find(): void {}
}

async function main(): Promise<void> {
  const options = {
    apiSecret: API_SECRET,
    baseURL: BASE_URL,
    tokenTimeout: 1_500,
    ...SITUATIONS[what]!(),
  };

  const isLate = what === 'options that come late';

  @Module({
    imports: [
      isLate
        ? AuthModule.forRootAsync({ useFactory: () => later(options) })
        : AuthModule.forRoot(options),
    ],
    controllers: 'permissions' in options ? [Sales] : [],
  })
  class App {}

  const app = await NestFactory.createApplicationContext(App, {
    logger: ['warn', 'error'],
  });
  const { state } = app.get(TokenService).snapshot();
  console.log(`booted with ${state}`);
}

// As in CommonJS, where main() is not awaited.
if (style === 'main()') void main();
else await main();
