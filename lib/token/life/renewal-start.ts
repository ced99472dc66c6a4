import { elapsed, type Clock, type Instant } from '../../time/clock.js';
import type { RenewalCause, RenewalFacts } from './life-reports.js';

/** Why and when a renewal began. */
export class RenewalStart {
  private readonly since: Instant;

  constructor(
    private readonly cause: RenewalCause,
    private readonly clock: Clock,
  ) {
    this.since = clock.now();
  }

  /** The facts to report when the renewal ends now. */
  get facts(): RenewalFacts {
    const { cause, clock, since } = this;
    return { cause, durationMs: Math.ceil(elapsed(clock, since)) };
  }
}
