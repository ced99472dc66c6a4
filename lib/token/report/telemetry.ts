import type { Observable } from 'rxjs';
import type { RenewalMethod } from '../life/held-token.js';
import type { RenewalCause } from '../life/life-reports.js';
import type { TokenEvent } from './token-events.js';

/**
 * Receives what happens to the tokens of an app's clients, for traces and metrics. An example is `PortOneTelemetry` of
 * `nestjs-portone-auth/opentelemetry`. Receives no token and no secret.
 */
export interface Telemetry {
  /** Called once for each client, when the client is made. */
  client(name: string): ClientTelemetry;
}

/** Runs `work`, which is one renewal. `work` resolves with the method that brought the token, or rejects with a typed error. */
export type RunRenewal = <
  T extends {
    /** How the token was obtained. */
    readonly method: RenewalMethod;
  },
>(
  work: () => Promise<T | undefined>,
) => Promise<T | undefined>;

/** Two fields of `TokenService.snapshot()`. */
export interface TokenCondition {
  /** As in `TokenSnapshot`. */
  readonly state: string;
  /** Left out when there is no usable token. */
  readonly expiresInMs?: number;
}

/** Receives what happens to the token of one client. No method may throw, because the renewal or the request would fail. */
export interface ClientTelemetry {
  /** `events$` completes when the app has shut down; `snapshot` may be called until then. */
  observe(
    events$: Observable<TokenEvent>,
    snapshot: () => TokenCondition,
  ): void;
  /** Called in the async context of the code that causes a renewal. The renewal itself runs in the context of construction. */
  renewal(cause: RenewalCause): RunRenewal;
  /** Runs one token call of a renewal, in the async context of the renewal. */
  tokenCall<T>(method: 'login' | 'refresh', work: () => Promise<T>): Promise<T>;
  /** Called in the async context of a caller that begins to wait for a token. The returned function is called when the wait ends. */
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
