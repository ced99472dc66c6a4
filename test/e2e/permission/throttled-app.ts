import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { AuthModule, RequirePermission } from '../../../lib/index.js';
import { PortOneEmulator } from '../../../lib/testing/index.js';
import { LogBook } from '../../support/log-book.js';

/** Runs in a separate process, because Jest cannot load @nestjs/throttler, a CommonJS module, together with Nest's ES modules. */
@Controller()
class Payments {
  @Get('payments')
  @RequirePermission('TX_READ')
  list(): string {
    return 'payments';
  }
}

const portone = await PortOneEmulator.start();

@Module({
  imports: [
    ThrottlerModule.forRoot([{ ttl: 60_000, limit: 2 }]),
    AuthModule.forRoot({ apiSecret: portone.apiSecret, baseURL: portone.url }),
  ],
  controllers: [Payments],
  providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
})
class App {}

const logger = new LogBook();
const app = await NestFactory.create(App, { logger });
await app.listen(0, '127.0.0.1');
const url = await app.getUrl();
const statuses: number[] = [];
for (let call = 0; call < 3; call += 1)
  statuses.push((await fetch(`${url}/payments`)).status);
await app.close();
await portone.stop();
console.log(JSON.stringify({ statuses, warnings: logger.saying('', 'warn') }));
