import type { Counter, Histogram, Meter } from '@opentelemetry/api';
import type { Observable } from 'rxjs';
import type { TokenEvent } from '../token/report/token-events.js';
import type { TokenCondition } from '../token/report/telemetry.js';
import { quietly } from './quietly.js';

/** In seconds. A token call takes about 0.1 s; a renewal ends after `tokenTimeout`, by default 10 s. */
const DURATION_BOUNDARIES = [
  0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

/** The metrics of one client. */
export class ClientMetrics {
  private readonly renewals: Histogram;
  private readonly replays: Counter;
  private readonly denials: Counter;

  constructor(
    private readonly meter: Meter,
    private readonly client: string,
  ) {
    this.renewals = meter.createHistogram(
      'portone.auth.token.renewal.duration',
      {
        description: 'Duration of renewals of the access token',
        unit: 's',
        advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
      },
    );
    this.replays = meter.createCounter('portone.auth.request.replays', {
      description: 'Requests sent once more after a 401',
      unit: '{replay}',
    });
    this.denials = meter.createCounter('portone.auth.permission.denials', {
      description: 'Calls that the permission guard has denied',
      unit: '{denial}',
    });
  }

  observe(
    events$: Observable<TokenEvent>,
    snapshot: () => TokenCondition,
  ): void {
    const stop = this.watchRemaining(snapshot);
    events$.subscribe({
      next: (event) => quietly(() => this.count(event)),
      complete: stop,
    });
  }

  replayed(outcome: 'healed' | 'unhealed'): void {
    const { client } = this;
    quietly(() => this.replays.add(1, { client, outcome }));
  }

  private watchRemaining(snapshot: () => TokenCondition): () => void {
    const { client } = this;
    const gauge = this.meter.createObservableGauge(
      'portone.auth.token.remaining',
      {
        description: 'Time until callers no longer get this access token',
        unit: 's',
      },
    );
    const seen = new Set<string>();
    const observe: Parameters<typeof gauge.addCallback>[0] = (result) => {
      const { state, expiresInMs = 0 } = snapshot();
      result.observe(expiresInMs / 1000, { client, state });
      // With cumulative temporality the SDK repeats the last value of a past state, so past states are set to 0.
      for (const past of seen)
        if (past !== state) result.observe(0, { client, state: past });
      seen.add(state);
    };
    gauge.addCallback(observe);
    return () => quietly(() => gauge.removeCallback(observe));
  }

  private count(event: TokenEvent): void {
    const { client } = this;
    switch (event.type) {
      case 'acquired':
      case 'renewed':
      case 'adopted': {
        const { cause, method } = event;
        return this.recordRenewal(event.durationMs, { cause, method });
      }
      case 'renewal-failed':
      case 'credentials-rejected': {
        const { cause } = event;
        const error = 'reason' in event ? event.reason : event.code;
        return this.recordRenewal(event.durationMs, {
          cause,
          'error.type': error,
        });
      }
      case 'permission-denied': {
        const { source, code } = event;
        return this.denials.add(1, { client, source, code });
      }
      default:
    }
  }

  private recordRenewal(
    durationMs: number,
    attributes: Readonly<Record<string, string>>,
  ): void {
    const { client } = this;
    this.renewals.record(durationMs / 1000, { client, ...attributes });
  }
}
