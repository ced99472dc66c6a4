import type { SchedulerLike } from 'rxjs';
import type { TokenStore } from '../../store/token-store.js';
import type { LifeOptions } from '../life/life-options.js';
import type { ClientTelemetry } from '../report/telemetry.js';
import type { SecretSource } from './secret-source.js';
import type { RenewalStrategy } from './token-calls.js';

/** What the renewals of one client depend on. */
export interface RenewalOptions extends LifeOptions {
  readonly apiSecret: SecretSource;
  readonly store: TokenStore;
  /** The time for secret, refresh and login of one renewal together, in ms. */
  readonly tokenTimeout: number;
  readonly renewal: LifeOptions['renewal'] & {
    readonly strategy: RenewalStrategy;
  };
  readonly telemetry: ClientTelemetry;
  readonly scheduler: SchedulerLike;
}
