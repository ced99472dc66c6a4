import type { Observable } from 'rxjs';
import type { RenewalMethod } from '../life/held-token.js';
import type { RenewalCause } from '../life/life-reports.js';
import type { TokenEvent } from './token-events.js';

/**
 * Receives what happens to the tokens of an app's clients, for traces and metrics, such as `PortOneTelemetry` of
 * `nestjs-portone-auth/opentelemetry`. It is given no token and no secret.
 */
export interface Telemetry {
  /** Called once for each client, when the client is made. */
  client(name: string): ClientTelemetry;
}

/** Runs a renewal. What the work resolves with says how the token was obtained; it rejects with a typed error. */
export type RunRenewal = <
  T extends {
    /** How the token was obtained. */
    readonly method: RenewalMethod;
  },
>(
  work: () => Promise<T | undefined>,
) => Promise<T | undefined>;

/** Of `TokenService.snapshot()`. */
export interface TokenCondition {
  /** As in `TokenSnapshot`. */
  readonly state: string;
  /** Left out when there is no usable token. */
  readonly expiresInMs?: number;
}

/** What one client tells. No method may throw: a renewal or a request would fail with it. */
export interface ClientTelemetry {
  /** `events$` completes when the app has shut down; `snapshot` may be called until then. */
  observe(
    events$: Observable<TokenEvent>,
    snapshot: () => TokenCondition,
  ): void;
  /** Called in the async context of what causes a renewal. The renewal itself runs in the context of construction. */
  renewal(cause: RenewalCause): RunRenewal;
  /** Runs one token call of a renewal, in the async context of the renewal. */
  tokenCall<T>(method: 'login' | 'refresh', work: () => Promise<T>): Promise<T>;
  /** Called in the async context of a caller that begins to wait for a token. The answer is called when the wait ends. */
  waiting(): () => void;
  /** Called in the async context of a request, after each replay of it. */
  replayed(outcome: 'healed' | 'unhealed'): void;
}

/** For a client without telemetry. */
export const NO_TELEMETRY: ClientTelemetry = {
  observe: () => undefined,
  renewal: () => (work) => work(),
  tokenCall: (_, work) => work(),
  waiting: () => () => undefined,
  replayed: () => undefined,
};
