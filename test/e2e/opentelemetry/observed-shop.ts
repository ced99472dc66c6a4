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

/** An OpenTelemetry SDK that keeps spans and metrics in memory. Spans follow the async context, as in an app. */
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

  /** The data points of a metric: with delta temporality those since the last collection, with cumulative temporality all. */
  async points(
    name: string,
  ): Promise<readonly DataPoint<number | Histogram>[]> {
    const { resourceMetrics } = await this.reader.collect();
    return resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ dataPoints }) => dataPoints as DataPoint<number>[]);
  }

  /** The data points of a metric as pairs of attributes and value. */
  async values(name: string): Promise<[Attributes, number | Histogram][]> {
    const points = await this.points(name);
    return points.map(({ attributes, value }) => [attributes, value]);
  }

  /** All metrics, including those of other libraries. */
  async metrics(): Promise<unknown> {
    return (await this.reader.collect()).resourceMetrics;
  }

  named(name: string): ReadableSpan[] {
    return this.spans.getFinishedSpans().filter((span) => span.name === name);
  }

  /** Runs `work` inside a span, as the instrumentation of an incoming request does. */
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
