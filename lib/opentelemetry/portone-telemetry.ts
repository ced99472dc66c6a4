import {
  metrics,
  trace,
  type MeterProvider,
  type TracerProvider,
} from '@opentelemetry/api';
import type { ClientTelemetry, Telemetry } from '../token/report/telemetry.js';
import { ClientMetrics } from './client-metrics.js';
import { ClientTraces } from './client-traces.js';

const SCOPE = 'nestjs-portone-auth';

/** Where traces and metrics go. */
export interface PortOneTelemetryOptions {
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the global one. It has to be registered before the app starts. */
  readonly meterProvider?: MeterProvider;
}

/**
 * Traces and metrics of OpenTelemetry. One instance serves all clients of an app. No name, attribute or event holds a token,
 * a secret, a path or an id; every attribute has a small, fixed set of values.
 *
 * @example
 * `AuthModule.forRoot({ apiSecret, telemetry: new PortOneTelemetry() })`
 */
export class PortOneTelemetry implements Telemetry {
  constructor(private readonly options: PortOneTelemetryOptions = {}) {}

  /** Called once for each client, by the module. */
  client(name: string): ClientTelemetry {
    const {
      tracerProvider = trace.getTracerProvider(),
      meterProvider = metrics.getMeterProvider(),
    } = this.options;
    const told = new ClientMetrics(meterProvider.getMeter(SCOPE), name);
    const traced = new ClientTraces(tracerProvider.getTracer(SCOPE), name);
    return {
      observe: (events$, snapshot) => told.observe(events$, snapshot),
      renewal: (cause) => traced.renewal(cause),
      tokenCall: (method, work) => traced.tokenCall(method, work),
      waiting: () => traced.waiting(),
      replayed: (outcome) => {
        told.replayed(outcome);
        traced.replayed(outcome);
      },
    };
  }
}
