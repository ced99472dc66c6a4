import { context, trace, type Attributes } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type DataPoint,
  type Histogram,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { PortOneTelemetry } from '../../../lib/opentelemetry/index.js';
import { openShop, type Shop } from '../../support/shop.js';

/** An SDK that keeps what it is given in memory. Spans follow the async context, as in an app. */
export class Sdk {
  readonly spans = new InMemorySpanExporter();
  readonly tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(this.spans)],
  });
  private readonly reader: PeriodicExportingMetricReader;
  readonly meterProvider: MeterProvider;

  constructor(temporality = AggregationTemporality.DELTA) {
    context.setGlobalContextManager(
      new AsyncLocalStorageContextManager().enable(),
    );
    this.reader = new PeriodicExportingMetricReader({
      exporter: new InMemoryMetricExporter(temporality),
      exportIntervalMillis: 60_000_000,
    });
    this.meterProvider = new MeterProvider({ readers: [this.reader] });
  }

  get telemetry(): PortOneTelemetry {
    const { tracerProvider, meterProvider } = this;
    return new PortOneTelemetry({ tracerProvider, meterProvider });
  }

  /** The points of a metric: since the last time with delta temporality, all with cumulative. */
  async points(
    name: string,
  ): Promise<readonly DataPoint<number | Histogram>[]> {
    const { resourceMetrics } = await this.reader.collect();
    return resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ dataPoints }) => dataPoints as DataPoint<number>[]);
  }

  /** The same as pairs of attributes and value. */
  async values(name: string): Promise<[Attributes, number | Histogram][]> {
    const points = await this.points(name);
    return points.map(({ attributes, value }) => [attributes, value]);
  }

  /** Every metric, those of other libraries too. */
  async metrics(): Promise<unknown> {
    return (await this.reader.collect()).resourceMetrics;
  }

  named(name: string): ReadableSpan[] {
    return this.spans.getFinishedSpans().filter((span) => span.name === name);
  }

  /** As instrumentation of an incoming request does: the work is that request, under a span. */
  async request<T>(name: string, work: () => Promise<T>): Promise<T> {
    const span = this.tracerProvider.getTracer('an-app').startSpan(name);
    const within = trace.setSpan(context.active(), span);
    try {
      return await context.with(within, work);
    } finally {
      span.end();
    }
  }

  async close(): Promise<void> {
    await this.meterProvider.shutdown();
    await this.tracerProvider.shutdown();
    context.disable();
  }
}

export async function openObservedShop(
  sdk: Sdk,
  given: Parameters<typeof openShop>[0] = {},
): Promise<Shop> {
  const { telemetry } = sdk;
  return openShop({ ...given, options: { telemetry, ...given.options } });
}
