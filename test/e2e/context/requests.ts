import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent, type ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LoggerService } from '@nestjs/common';
import type {
  RenewalSituation,
  RenewRecord,
  TokenRecord,
} from '../../../lib/index.js';
import { SharedMemoryStore } from '../../support/shared-memory.store.js';
import type { VirtualTime } from '../../support/virtual-time.js';

const requests = new AsyncLocalStorage<{ readonly id: string }>();

/** Runs `work` as a request of the app, as nestjs-cls or a tracer does. */
export const asRequest = <T>(id: string, work: () => T): T =>
  requests.run({ id }, work);

/** The request in whose async context this code runs; undefined outside of any request. */
export const requestNow = (): string | undefined => requests.getStore()?.id;

/** Runs `work` as a request, and keeps only a weak reference to the storage of that request. */
export async function forgottenRequest(
  work: () => Promise<unknown>,
): Promise<WeakRef<object>> {
  const store = { id: 'forgotten' };
  await requests.run(store, work);
  return new WeakRef(store);
}

/** Remembers which parts of an app have run, and in which request. */
export class Witness {
  private seen: { readonly part: string; readonly request?: string }[] = [];

  readonly note = (part: string): void => {
    this.seen.push({ part, request: requestNow() });
  };

  /** The parts that have run, without the request. */
  get parts(): string[] {
    return [...new Set(this.seen.map(({ part }) => part))].sort();
  }

  /** What has run as part of a request: `part in request`. */
  get inRequests(): string[] {
    return this.seen
      .filter(({ request }) => request !== undefined)
      .map(({ part, request }) => `${part} in ${request}`);
  }

  forget(): void {
    this.seen = [];
  }

  /** A logger that notes lines of this package. */
  readonly logger: LoggerService = {
    log: (...said: unknown[]) => this.noteLine('log', said),
    error: (...said: unknown[]) => this.noteLine('error', said),
    warn: (...said: unknown[]) => this.noteLine('warn', said),
    debug: (...said: unknown[]) => this.noteLine('debug', said),
  };

  private noteLine(level: string, said: unknown[]): void {
    if (String(said.at(-1)).startsWith('PortOneAuth:')) this.note(level);
  }
}

/** A shared store that notes each call of it. */
export class WitnessStore extends SharedMemoryStore {
  constructor(
    time: VirtualTime,
    private readonly witness: Witness,
  ) {
    super(time);
  }

  override load(key: string): Promise<TokenRecord | undefined> {
    this.witness.note('store.load');
    return super.load(key);
  }

  override update(
    key: string,
    seen: number,
    renew: RenewRecord,
    situation?: RenewalSituation,
  ): Promise<TokenRecord> {
    this.witness.note('store.update');
    situation?.signal?.addEventListener('abort', () =>
      this.witness.note('store aborted'),
    );
    return super.update(key, seen, renew);
  }
}

type Connect = (
  request: ClientRequest,
  options: object,
  done: (error: Error | null, socket: Duplex) => void,
) => void;

/** The app's agent, which notes token calls and fetches of keys. It keeps no connection open. */
export class WitnessAgent extends Agent {
  constructor(private readonly witness: Witness) {
    super({ keepAlive: false });
  }

  createSocket(...[request, options, done]: Parameters<Connect>): void {
    if (/^\/(login|token)\//.test(request.path))
      this.witness.note('token call');
    if (request.path.endsWith('/jwks.json')) this.witness.note('fetch of keys');
    const { createSocket } = Agent.prototype as unknown as {
      createSocket: Connect;
    };
    createSocket.call(this, request, options, done);
  }
}
