import 'reflect-metadata';
import { HttpService } from '@nestjs/axios';
import { Controller, Get, Injectable, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  HealthCheck,
  HealthCheckService,
  TerminusModule,
} from '@nestjs/terminus';
import { AxiosError } from 'axios';
import {
  AuthModule,
  RequirePermission,
  TokenService,
  TokenStore,
  type PortOneAuthOutcome,
} from 'nestjs-portone-auth';
import { RedisTokenStore } from 'nestjs-portone-auth/redis';
import { PortOneHealthIndicator } from 'nestjs-portone-auth/terminus';
import { PortOneEmulator } from 'nestjs-portone-auth/testing';
import { firstValueFrom } from 'rxjs';

@Injectable()
class Payments {
  constructor(
    readonly http: HttpService,
    readonly tokens: TokenService,
  ) {}

  async status(id: string): Promise<unknown> {
    const url = `/payments/${id}`;
    const { data } = await firstValueFrom(this.http.get(url));
    return (data as { status: unknown }).status;
  }

  /** Sends a request with the token but without a replay, then one without a token. */
  async refused(): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (const portoneAuth of [{ retry: false }, false] as const) {
      try {
        await this.http.axiosRef.get('/payments/payment-1', { portoneAuth });
      } catch (error) {
        if (!(error instanceof AxiosError)) throw error;
        const { portoneAuth } = error as AxiosError & {
          portoneAuth?: PortOneAuthOutcome;
        };
        answers.push(error.response?.status, portoneAuth?.replayed ?? 'bare');
      }
    }
    return answers;
  }
}

@Controller()
class Routes {
  constructor(private readonly payments: Payments) {}

  @Get('payments/:id')
  @RequirePermission('TX_READ')
  get(@Param('id') id: string): Promise<unknown> {
    return this.payments.status(id);
  }

  @Get('denied')
  @RequirePermission('TX_UPDATE')
  denied(): void {}
}

@Controller('health')
class Health {
  constructor(
    private readonly health: HealthCheckService,
    private readonly portone: PortOneHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  ready() {
    return this.health.check([
      () => this.portone.isHealthy('portone'),
      () => this.portone.isHealthy('alone', { client: 'alone' }),
    ]);
  }
}

/** A store that can never be reached. */
class LostStore extends TokenStore {
  load(): Promise<never> {
    return Promise.reject(new Error('lost'));
  }

  update(): Promise<never> {
    return this.load();
  }
}

async function run(adapter: ExpressAdapter | FastifyAdapter) {
  const portone = await PortOneEmulator.start({ permissions: ['TX_READ'] });
  @Module({
    imports: [
      TerminusModule.forRoot({ logger: false }),
      AuthModule.forRootAsync({
        useFactory: () => ({
          apiSecret: portone.apiSecret,
          baseURL: portone.url,
        }),
      }),
      AuthModule.forRoot({
        name: 'alone',
        apiSecret: portone.apiSecret,
        baseURL: portone.url,
        store: new LostStore(),
      }),
    ],
    controllers: [Routes, Health],
    providers: [Payments, PortOneHealthIndicator],
  })
  class App {}
  const app = await NestFactory.create(App, adapter, { logger: false });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const ask = async (path: string) => {
    const response = await fetch(`${url}/${path}`);
    return [response.status, await response.text()];
  };
  const answers: unknown[] = [
    await ask('payments/payment-1'),
    await ask('denied'),
  ];
  // Only a replay with a new token gets a 200 for this request.
  portone.revokeAccessTokens();
  answers.push(await ask('payments/payment-1'));
  portone.revokeAccessTokens();
  answers.push(await app.get(Payments).refused());
  // Terminus 11 has no `degraded`: the status is `up` while the token lives, and the details show the failures.
  portone.fail('tokens', { kind: 'status', status: 503 });
  await app
    .get(TokenService)
    .renew()
    .catch(() => undefined);
  const [status, body] = await ask('health');
  const { details } = JSON.parse(String(body)) as { details: object };
  answers.push([status, details]);
  await app.close();
  await portone.stop();
  return answers;
}

async function main() {
  const answers = [
    await run(new ExpressAdapter()),
    await run(new FastifyAdapter()),
  ];
  console.log(JSON.stringify([...answers, RedisTokenStore.name]));
}

void main();
