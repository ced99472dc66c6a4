import type { IncomingHttpHeaders } from 'node:http';
import { inspect } from 'node:util';
import type { EmulatedEndpoint } from '../emulator-options.js';

/** One request the emulator received. */
export interface RecordedCall {
  /** Which counter it was counted in. */
  readonly endpoint: EmulatedEndpoint;
  /** In capitals, such as `POST`. */
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

// Enough for any test. A soak run measures memory, so the log ends here; the counters go on.
const KEPT = 50_000;
const SHOWN = 50;

const nothing = () => ({
  login: 0,
  refresh: 0,
  tokens: 0,
  api: 0,
  jwks: 0,
  unauthorized: 0,
  requests: [] as RecordedCall[],
});

/** Counts requests as they are received, those met by a fault included. Prints its numbers, and no credential. */
export class CallLog {
  /** Calls to `POST /login/api-secret`. */
  readonly login!: number;
  /** Calls to `POST /token/refresh`. */
  readonly refresh!: number;
  /** Calls of either token endpoint. */
  readonly tokens!: number;
  /** Calls of everything else but the JWKS. */
  readonly api!: number;
  /** Calls of the JWKS. */
  readonly jwks!: number;
  /** API calls answered with 401, a fault's 401 included. */
  readonly unauthorized!: number;
  /** The first 50,000 requests since the start or the last reset, oldest first. */
  readonly requests!: readonly RecordedCall[];

  constructor() {
    this.reset();
  }

  /** The numbers, and the first 50 requests as `method path status`. */
  toJSON(): object {
    const { requests, ...numbers } = this;
    const lines = requests
      .slice(0, SHOWN)
      .map(
        ({ method, path, status }) =>
          `${method} ${path} ${status ?? 'no answer'}`,
      );
    if (requests.length > SHOWN)
      lines.push(`and ${requests.length - SHOWN} more`);
    return { ...numbers, requests: lines };
  }

  /** What `console.log` and failed assertions print: {@link toJSON}. */
  [inspect.custom](depth: number, options: object): string {
    return `CallLog ${inspect(this.toJSON(), { ...options, depth: depth + 1 })}`;
  }

  /** @internal */
  received(call: RecordedCall): void {
    const counts = this as { -readonly [name in keyof CallLog]: CallLog[name] };
    counts[call.endpoint] += 1;
    counts.tokens = this.login + this.refresh;
    if (this.requests.length < KEPT)
      (this.requests as RecordedCall[]).push(call);
  }

  /** @internal */
  answered(call: RecordedCall, status: number): void {
    call.status = status;
    if (status === 401 && call.endpoint === 'api')
      (this as { unauthorized: number }).unauthorized += 1;
  }

  /** @internal */
  reset(): void {
    Object.assign(this, nothing());
  }
}
