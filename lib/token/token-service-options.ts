import type { SchedulerLike } from 'rxjs';
import type { BackoffOptions } from './life/renewal-backoff.js';
import type { Clock } from '../time/clock.js';
import type { RenewalTiming } from './life/held-token.js';
import type { AppClients } from './app-clients.js';
import type { ClientTelemetry } from './telemetry.js';
import type { SecretSource } from './renewal/secret-source.js';
import type { TokenStore } from '../store/token-store.js';
import type { RenewalStrategy } from './renewal/token-calls.js';

/** How and when a client's token is renewed. */
export interface RenewalOptions extends RenewalTiming {
  readonly strategy: RenewalStrategy;
  readonly background: boolean;
  readonly backoff: BackoffOptions;
}

/** What a token service needs: checked options, and time, which tests replace. */
export interface TokenServiceOptions {
  readonly client: string;
  readonly apiSecret: SecretSource;
  readonly store: TokenStore;
  readonly tokenTimeout: number;
  readonly eager: boolean;
  /** Of the application. */
  readonly appClients: AppClients;
  readonly renewal: RenewalOptions;
  readonly telemetry: ClientTelemetry;
  readonly clock: Clock;
  readonly scheduler: SchedulerLike;
  readonly random: () => number;
}
