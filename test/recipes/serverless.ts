import { configure } from '@codegenie/serverless-express';
import { Controller, Get, Module, Param } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Handler } from 'aws-lambda';
import { AuthModule, path, PortOneHttpService } from 'nestjs-portone-auth';
import 'reflect-metadata';
import { map } from 'rxjs';

@Controller('payments')
class PaymentsController {
  constructor(private readonly http: PortOneHttpService) {}

  @Get(':id')
  find(@Param('id') id: string) {
    return this.http.get(path`/payments/${id}`).pipe(map(({ data }) => data));
  }
}

@Module({
  imports: [
    AuthModule.forRootAsync({
      useFactory: () => ({
        apiSecret: process.env['PORTONE_API_SECRET']!,
        baseURL: process.env['PORTONE_API_BASE_URL'],
        eager: false,
        renewal: { background: false },
      }),
    }),
  ],
  controllers: [PaymentsController],
})
class AppModule {}

let started: Promise<INestApplication> | undefined;

async function start(): Promise<INestApplication> {
  const app = await NestFactory.create(AppModule);
  return app.init();
}

async function reusedApp() {
  started ??= start();
  try {
    return (await started).getHttpAdapter().getInstance();
  } catch (error) {
    started = undefined;
    throw error;
  }
}

let lambda: Handler | undefined;

export const handler: Handler = async (event, context, callback) => {
  lambda ??= configure({ app: await reusedApp() });
  return lambda(event, context, callback);
};

export const vercel = async (request: unknown, response: unknown) =>
  (await reusedApp())(request, response);
