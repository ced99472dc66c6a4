// Runs in a process of its own, because the instrumentation must be loaded before http.
import '../opentelemetry/instrument-http.js';
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import {
  AuthModule,
  PortOneHttpService,
  TokenService,
} from '../../../lib/index.js';
import { PortOneEmulator } from '../../../lib/testing/index.js';

const spans = new InMemorySpanExporter();
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(
  new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
);

// Tokens live for 3 s, so that the schedule renews them in real time.
const portone = await PortOneEmulator.start({ accessTokenLifetime: 3 });

@Controller()
class Orders {
  constructor(private readonly http: PortOneHttpService) {}

  @Get('orders')
  async list(): Promise<unknown> {
    const { status } = await this.http.axiosRef.get('/payments/payment-1');
    return status;
  }
}

@Module({
  imports: [
    AuthModule.forRoot({
      apiSecret: portone.apiSecret,
      baseURL: portone.url,
      eager: false,
    }),
  ],
  controllers: [Orders],
})
class App {}

const app = await NestFactory.create(App, { logger: false });
await app.listen(0, '127.0.0.1');
const renewed = (times: number) =>
  new Promise<void>((resolve) => {
    const events$ = app.get(TokenService).events$;
    let left = times;
    const listening = events$.subscribe(({ type }) => {
      if (type === 'renewed') left -= 1;
      if (left > 0) return;
      listening.unsubscribe();
      resolve();
    });
  });

const orders = `${await app.getUrl()}/orders`;
await fetch(orders);
await renewed(2);
portone.revokeAccessTokens();
await fetch(orders);
await renewed(2);

console.log(
  JSON.stringify(
    spans.getFinishedSpans().map((span) => ({
      kind: span.kind,
      id: span.spanContext().spanId,
      parent: span.parentSpanContext?.spanId,
      url: span.attributes['url.full'] ?? span.attributes['http.url'],
    })),
  ),
);
await app.close();
await portone.stop();
