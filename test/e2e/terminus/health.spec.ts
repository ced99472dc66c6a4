import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  HealthCheck,
  HealthCheckService,
  TerminusModule,
} from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import type { AddressInfo } from 'node:net';
import {
  AuthModule,
  TokenService,
  type AuthModuleSyncOptions,
} from '../../../lib/index.js';
import {
  PortOneHealthIndicator,
  type PortOneHealthOptions,
} from '../../../lib/terminus/index.js';
import { RedisTokenStore } from '../../../lib/redis/index.js';
import { PortOneEmulator } from '../../../lib/testing/index.js';
import { eventually } from '../../support/promises.js';
import { LogBook } from '../../support/log-book.js';
import { connectNodeRedis } from '../../support/redis-clients.js';
import { RedisServer } from '../../support/redis-server.js';

const opened: { close(): Promise<unknown> }[] = [];

interface Health {
  status: number;
  body: {
    status: string;
    details: { portone: Record<string, unknown> };
  };
}

async function openApp(
  platform: string,
  options: Partial<AuthModuleSyncOptions> = {},
  indicatorOptions: PortOneHealthOptions = {},
) {
  const portone = await PortOneEmulator.start();
  opened.push({ close: () => portone.stop() });

  @Controller()
  class HealthController {
    constructor(
      private readonly health: HealthCheckService,
      private readonly portone: PortOneHealthIndicator,
    ) {}

    @Get('health')
    @HealthCheck()
    check() {
      return this.health.check([
        () => this.portone.isHealthy('portone', indicatorOptions),
      ]);
    }
  }

  @Module({
    imports: [
      TerminusModule.forRoot({ logger: false }),
      AuthModule.forRoot({
        apiSecret: portone.apiSecret,
        baseURL: portone.url,
        ...options,
      }),
    ],
    controllers: [HealthController],
    providers: [PortOneHealthIndicator],
  })
  class App {}

  const module = await Test.createTestingModule({ imports: [App] })
    .setLogger(new LogBook())
    .compile();
  const app: INestApplication = module.createNestApplication(
    platform === 'express' ? new ExpressAdapter() : new FastifyAdapter(),
  );
  opened.unshift(app);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const health = async (): Promise<Health> => {
    const answer = await fetch(`http://127.0.0.1:${port}/health`);
    return {
      status: answer.status,
      body: (await answer.json()) as Health['body'],
    };
  };
  return { app, portone, health };
}

describe.each(['express', 'fastify'])(
  'The health of a client on %s',
  (platform) => {
    afterEach(async () => {
      for (const it of opened.splice(0)) await it.close();
    });

    it('is up with a usable token, and shows no token', async () => {
      const { app, health } = await openApp(platform);
      const { status, body } = await health();
      expect(status).toBe(200);
      expect(body.details.portone).toMatchObject({
        status: 'up',
        state: 'fresh',
      });
      const token = await app
        .get(TokenService, { strict: false })
        .getAccessToken();
      expect(JSON.stringify(body)).not.toContain(token);
    });

    it('is checked by fetching a token when the client has none', async () => {
      const { portone, health } = await openApp(platform, { eager: false });
      expect(portone.calls.tokens).toBe(0);
      expect((await health()).body.details.portone).toMatchObject({
        status: 'up',
      });
      expect(portone.calls.tokens).toBe(1);
    });

    it.each([
      [undefined, 200, 'degraded'],
      ['up', 200, 'up'],
      ['down', 503, 'down'],
    ] as const)(
      'is degraded while the token is usable and renewals fail; with degraded: %s the answer is %i and %s',
      async (degraded, status, reported) => {
        const { app, portone, health } = await openApp(
          platform,
          { renewal: { backoff: { initial: 60_000 } } },
          { degraded },
        );
        portone.fail('tokens', { kind: 'status', status: 503 });
        await app
          .get(TokenService, { strict: false })
          .renew()
          .catch(() => undefined);
        const answer = await health();
        expect(answer.status).toBe(status);
        expect(answer.body.details.portone).toMatchObject({
          status: reported,
          consecutiveFailures: 1,
          lastErrorCode: 'PORTONE_TOKEN_STATUS',
        });
      },
    );

    it('is degraded while the shared store cannot be reached, and up again after that', async () => {
      const redis = await RedisServer.start();
      const { client, close } = connectNodeRedis(redis.url);
      opened.push({ close: () => redis.stop() });
      const { app, health } = await openApp(platform, {
        store: new RedisTokenStore(client),
      });
      opened.splice(1, 0, { close: async () => close() });
      const tokens = app.get(TokenService, { strict: false });
      const details = async () => (await health()).body.details.portone;
      expect(await details()).toMatchObject({ status: 'up', shared: true });
      await redis.kill();
      await tokens.renew();
      const lost = { status: 'degraded', shared: false, sharingLost: true };
      expect(await details()).toMatchObject(lost);
      await redis.restart();
      await eventually(async () => {
        await tokens.renew();
        return tokens.snapshot().shared;
      });
      expect(await details()).toMatchObject({ status: 'up', shared: true });
      expect(await details()).not.toHaveProperty('sharingLost');
    });

    it('is down without a usable token, and adds no token call to an outage', async () => {
      const { portone, health } = await openApp(platform, {
        eager: false,
        renewal: { background: false, backoff: { initial: 60_000 } },
      });
      portone.fail('tokens', { kind: 'status', status: 503 });
      for (let probe = 0; probe < 3; probe += 1) {
        const { status, body } = await health();
        expect(status).toBe(503);
        expect(body.details.portone).toMatchObject({
          status: 'down',
          state: 'empty',
        });
      }
      expect(portone.calls.tokens).toBe(1);
    });

    it('throws an AuthConfigurationError for a client that no module registers', async () => {
      const { app } = await openApp(platform);
      const indicator = app.get(PortOneHealthIndicator, { strict: false });
      await expect(
        indicator.isHealthy('portone', { client: 'other' }),
      ).rejects.toThrow(/the client 'other'/);
    });
  },
);
