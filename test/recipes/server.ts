import { Controller, Get, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  HealthCheck,
  HealthCheckService,
  TerminusModule,
} from '@nestjs/terminus';
import {
  AuthModule,
  idempotencyKey,
  path,
  PortOneHttpService,
} from 'nestjs-portone-auth';
import { PortOneHealthIndicator } from 'nestjs-portone-auth/terminus';
import 'reflect-metadata';
import { map } from 'rxjs';

@Controller()
class Routes {
  constructor(
    private readonly health: HealthCheckService,
    private readonly portone: PortOneHealthIndicator,
    private readonly http: PortOneHttpService,
  ) {}

  @Get('health/live')
  live(): string {
    return 'ok';
  }

  @Get('health/ready')
  @HealthCheck()
  ready() {
    return this.health.check([() => this.portone.isHealthy('portone')]);
  }

  @Post('payments/:id/refund')
  refund(@Param('id') id: string) {
    const body = { reason: 'asked for by the customer' };
    const key = idempotencyKey(`refund-of-payment-${id}`);
    const headers = { 'Idempotency-Key': key };
    return this.http
      .post(path`/payments/${id}/cancel`, body, { headers })
      .pipe(map(({ data }) => data));
  }
}

@Module({
  imports: [
    TerminusModule,
    AuthModule.forRootAsync({
      useFactory: () => ({
        apiSecret: process.env['PORTONE_API_SECRET']!,
        baseURL: process.env['PORTONE_API_BASE_URL'],
      }),
    }),
  ],
  controllers: [Routes],
  providers: [PortOneHealthIndicator],
})
class AppModule {}

const app = await NestFactory.create(AppModule);
app.enableShutdownHooks();
await app.listen(process.env['PORT'] ?? 3000);
