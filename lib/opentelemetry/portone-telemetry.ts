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

/** The providers that get the traces and metrics. */
export interface PortOneTelemetryOptions {
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the global one. Register it before the app starts. */
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
    const clientMetrics = new ClientMetrics(
      meterProvider.getMeter(SCOPE),
      name,
    );
    const clientTraces = new ClientTraces(
      tracerProvider.getTracer(SCOPE),
      name,
    );
    return {
      observe: (events$, snapshot) => clientMetrics.observe(events$, snapshot),
      renewal: (cause) => clientTraces.renewal(cause),
      tokenCall: (method, work) => clientTraces.tokenCall(method, work),
      waiting: () => clientTraces.waiting(),
      replayed: (outcome) => {
        clientMetrics.replayed(outcome);
        clientTraces.replayed(outcome);
      },
    };
  }
}
