import { afterEach, describe, expect, it } from '@jest/globals';
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  Controller,
  Get,
  Inject,
  Injectable,
  Module,
  Scope,
  type INestApplication,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { createInstanceDecorator } from '@nestjs/observe';
import {
  AuthModule,
  isAuthConfigurationError,
  PermissionGuard,
  PortOneClaims,
  RequirePermission,
} from '../../../lib/index.js';
import { LogBook } from '../../support/log-book.js';
import { closeGuardedApps, openPortOne, verifyingBy } from './guarded-app.js';

const open: INestApplication[] = [];

afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
  await closeGuardedApps();
});

type Decorator = (instance: unknown) => unknown;

/** The real observer of Nest, an observer that wraps every method, and an empty proxy. */
const observers: Record<string, () => Decorator> = {
  '@nestjs/observe': () =>
    createInstanceDecorator(
      new AsyncLocalStorage() as never,
      {} as never,
      {
        traceIdKey: 'trace',
        skipInstrumentation: () => false,
      } as never,
    ) as Decorator,
  'an observer that wraps every method once': () => (instance) => {
    if (typeof instance !== 'object' || instance === null) return instance;
    // The methods of a Map cannot be called on a proxy.
    if (instance instanceof Map) return instance;
    const wrappers = new Map<unknown, unknown>();
    return new Proxy(instance, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function' || name === 'constructor') return value;
        if (!wrappers.has(value))
          wrappers.set(value, (...args: unknown[]) =>
            Reflect.apply(value as () => unknown, target, args),
          );
        return wrappers.get(value);
      },
    });
  },
  'an empty proxy': () => (instance) =>
    typeof instance !== 'object' || instance === null || instance instanceof Map
      ? instance
      : new Proxy(instance, {}),
};

@Injectable({ scope: Scope.REQUEST })
class Visit {}

@Controller('static')
class Static {
  @Get('refund')
  @RequirePermission('TX_UPDATE')
  refund() {
    return 'refunded';
  }

  @Get('list')
  @RequirePermission('TX_READ')
  list() {
    return 'listed';
  }

  @Get('whose')
  @RequirePermission({ source: 'caller' }, 'TX_READ')
  whose(@PortOneClaims('user_id') userId: string) {
    return userId;
  }

  @Get('open')
  open() {
    return 'open';
  }
}

@Controller('visit')
class PerRequest extends Static {
  constructor(@Inject(Visit) readonly visit: Visit) {
    super();
  }
}

async function openObserved(decorator: Decorator, isGlobal: boolean) {
  const portone = await openPortOne({ permissions: ['TX_READ'] });
  @Module({
    imports: [
      AuthModule.forRoot({
        apiSecret: () => portone.apiSecret,
        baseURL: portone.url,
        permissions: verifyingBy()(portone),
      }),
    ],
    controllers: [Static, PerRequest],
    providers: [
      Visit,
      ...(isGlobal ? [{ provide: APP_GUARD, useClass: PermissionGuard }] : []),
    ],
  })
  class App {}
  const app = await NestFactory.create(App, {
    logger: new LogBook(),
    abortOnError: false,
    instrument: { instanceDecorator: decorator as never },
  });
  open.push(app);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const token = await portone.issueAccessToken({ user_id: 'user-caller' });
  const ask = async (path: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}/${path}`, { headers });
    return answer.ok ? await answer.text() : answer.status;
  };
  return { ask };
}

describe.each(Object.entries(observers))('With %s', (_, make) => {
  it.each([false, true])(
    'guarded routes deny and allow the same calls as without it (global guard: %p)',
    async (isGlobal) => {
      const { ask } = await openObserved(make(), isGlobal).catch(
        (error: unknown) => {
          if (isAuthConfigurationError(error)) throw new Error(error.message);
          throw error;
        },
      );
      const answers = async (controller: string) => [
        await ask(`${controller}/refund`),
        await ask(`${controller}/list`),
        await ask(`${controller}/whose`),
        await ask(`${controller}/open`),
      ];
      const served = [403, 'listed', 'user-caller', 'open'];
      expect(await answers('static')).toEqual(served);
      expect(await answers('visit')).toEqual(served);
    },
  );
});
