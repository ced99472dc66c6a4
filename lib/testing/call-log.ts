import type { IncomingHttpHeaders } from 'node:http';
import type { EmulatedEndpoint } from './emulator-options.js';

/** One request the emulator received. */
export interface RecordedCall {
  readonly endpoint: EmulatedEndpoint;
  readonly method: string;
  /** The request target as sent: path and query. */
  readonly path: string;
  /** As received, `authorization` included; names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The body as UTF-8 text; empty until it has arrived. */
  body: string;
  /** The HTTP status; `undefined` before the answer, and when a fault sent none. */
  status: number | undefined;
}

// Enough for any test; a soak run must not eat the memory it measures. The counters go on.
const KEPT = 50_000;

/** Counts requests as they are received, those met by a fault included. */
export class CallLog {
  #counts = { login: 0, refresh: 0, api: 0, jwks: 0 };
  #unauthorized = 0;
  #requests: RecordedCall[] = [];

  /** Calls to `POST /login/api-secret`. */
  get login(): number {
    return this.#counts.login;
  }

  /** Calls to `POST /token/refresh`. */
  get refresh(): number {
    return this.#counts.refresh;
  }

  /** Calls of either token endpoint. */
  get tokens(): number {
    return this.#counts.login + this.#counts.refresh;
  }

  /** Calls of everything else but the JWKS. */
  get api(): number {
    return this.#counts.api;
  }

  /** Calls of the JWKS. */
  get jwks(): number {
    return this.#counts.jwks;
  }

  /** API calls answered with 401, a fault's 401 included. */
  get unauthorized(): number {
    return this.#unauthorized;
  }

  /** The first 50,000 requests since the start or the last reset, oldest first. */
  get requests(): readonly RecordedCall[] {
    return this.#requests;
  }

  /** @internal */
  received(call: RecordedCall): void {
    this.#counts[call.endpoint] += 1;
    if (this.#requests.length < KEPT) this.#requests.push(call);
  }

  /** @internal */
  answered(call: RecordedCall, status: number): void {
    call.status = status;
    if (status === 401 && call.endpoint === 'api') this.#unauthorized += 1;
  }

  /** @internal */
  reset(): void {
    this.#counts = { login: 0, refresh: 0, api: 0, jwks: 0 };
    this.#unauthorized = 0;
    this.#requests = [];
  }
}
