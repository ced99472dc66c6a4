import { Injectable, Module } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cron, ScheduleModule } from '@nestjs/schedule';
import { UnrecoverableError, Worker, type Job } from 'bullmq';
import {
  AuthModule,
  idempotencyKey,
  isCredentialsRejectedError,
  path,
  PortOneHttpService,
} from 'nestjs-portone-auth';
import 'reflect-metadata';

@Injectable()
class Refunds implements OnModuleInit, OnModuleDestroy {
  private worker?: Worker;

  constructor(private readonly http: PortOneHttpService) {}

  onModuleInit(): void {
    const connection = { url: process.env['REDIS_URL'] };
    this.worker = new Worker('refunds', (job) => this.refund(job), {
      connection,
    });
  }

  onModuleDestroy() {
    return this.worker?.close();
  }

  private async refund({ id, data }: Job<{ paymentId: string }>) {
    const url = path`/payments/${data.paymentId}/cancel`;
    const key = idempotencyKey(`refund-job-${id}-of-${data.paymentId}`);
    const body = { reason: 'asked for by the customer' };
    const headers = { 'Idempotency-Key': key };
    try {
      await this.http.axiosRef.post(url, body, { headers });
    } catch (error) {
      if (isCredentialsRejectedError(error))
        throw new UnrecoverableError(error.message);
      throw error;
    }
  }

  @Cron(process.env['RECONCILE_AT'] ?? '0 4 * * *')
  async reconcile(): Promise<void> {
    await this.http.axiosRef.get('/payments');
  }
}

@Module({
  imports: [
    ScheduleModule.forRoot(),
    AuthModule.forRootAsync({
      useFactory: () => ({
        apiSecret: process.env['PORTONE_API_SECRET']!,
        baseURL: process.env['PORTONE_API_BASE_URL'],
      }),
    }),
  ],
  providers: [Refunds],
})
class WorkerModule {}

const app = await NestFactory.createApplicationContext(WorkerModule);
app.enableShutdownHooks();
