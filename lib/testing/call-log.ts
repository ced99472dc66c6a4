import type { IncomingHttpHeaders } from 'node:http';
import { inspect } from 'node:util';
import type { EmulatedEndpoint } from './emulator-options.js';

/** One request the emulator received. */
export interface RecordedCall {
  /** The group of endpoints, which is also the name of its counter. */
  readonly endpoint: EmulatedEndpoint;
  /** In capitals, such as `POST`. */
  readonly method: string;
  /** The request target as sent: path and query. */
  readonly path: string;
  /** As received, including `authorization`; names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The body as UTF-8 text. Empty until it has arrived. */
  body: string;
  /** The HTTP status; `undefined` before the answer, and when a fault sends no answer. */
  status: number | undefined;
}

// A soak test measures memory, so the log must not grow without end. The counters are not limited.
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

/** Counts the received requests, including those that a fault answers. When printed, it shows numbers and no credentials. */
export class CallLog {
  /** Calls to `POST /login/api-secret`. */
  readonly login!: number;
  /** Calls to `POST /token/refresh`. */
  readonly refresh!: number;
  /** Calls to both token endpoints. */
  readonly tokens!: number;
  /** Calls to every other path, except the JWKS. */
  readonly api!: number;
  /** Calls to the JWKS endpoint. */
  readonly jwks!: number;
  /** API calls that were answered with 401, including the 401 of a fault. */
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
