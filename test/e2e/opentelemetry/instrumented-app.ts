// Runs in a separate process, because instrumentation must be set up before any module loads http.
import './instrument-http.js';
import 'reflect-metadata';
import { HttpService } from '@nestjs/axios';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { metrics, trace } from '@opentelemetry/api';
import { firstValueFrom, map } from 'rxjs';
import { AuthModule } from '../../../lib/index.js';
import { PortOneTelemetry } from '../../../lib/opentelemetry/index.js';
import { Sdk } from './observed-shop.js';

const sdk = new Sdk();
trace.setGlobalTracerProvider(sdk.tracerProvider);
metrics.setGlobalMeterProvider(sdk.meterProvider);

@Controller()
class Orders {
  constructor(private readonly http: HttpService) {}

  @Get('orders')
  list(): Promise<unknown> {
    const answer = this.http.get('/payments/payment-1');
    return firstValueFrom(answer.pipe(map(({ status }) => status)));
  }
}

@Module({
  imports: [
    AuthModule.forRoot({
      apiSecret: process.env['API_SECRET']!,
      baseURL: process.env['BASE_URL']!,
      eager: false,
      telemetry: new PortOneTelemetry(),
    }),
  ],
  controllers: [Orders],
})
class App {}

const app = await NestFactory.create(App, { logger: false });
await app.listen(0, '127.0.0.1');
await fetch(`${await app.getUrl()}/orders`);
const spans = sdk.spans.getFinishedSpans().map((span) => ({
  name: span.name,
  kind: span.kind,
  id: span.spanContext().spanId,
  parent: span.parentSpanContext?.spanId,
  links: span.links.map((link) => link.context.spanId),
  scope: span.instrumentationScope,
  resource: span.resource.attributes,
  attributes: span.attributes,
  events: span.events,
  status: span.status,
}));
console.log(JSON.stringify({ spans, metrics: await sdk.metrics() }));
await app.close();
await sdk.close();
