import type { Attempt, AuthorizedRequest } from '../call/authorized-call.js';
import { isReplayable } from '../call/replayable-body.js';
import { copyError } from '../errors/copy-error.js';
import { PortOneAuthError } from '../errors/index.js';
import { plainCauses } from './plain-causes.js';
import type { PortOneFetch } from './portone-fetch.token.js';

/** A request of fetch to an origin that may receive the token. */
export class FetchCall implements AuthorizedRequest<Response> {
  readonly mayReplay: boolean;
  /** Our own copy: later changes by the caller do not reach a replay, and the caller cannot read the token on it. */
  private request: Request;
  private readonly settings: RequestInit;

  constructor(
    private readonly fetch: PortOneFetch,
    target: Parameters<PortOneFetch>[0],
    init: RequestInit | undefined,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.request = new Request(target, init);
    this.mayReplay = isReplayable(init?.body);
    this.settings = {
      signal,
      // A redirect that is followed would take the token along.
      redirect: this.request.redirect === 'error' ? 'error' : 'manual',
      // In some versions of Node a clone of a `Request` loses its dispatcher.
      dispatcher: init?.dispatcher,
    };
  }

  get ownAuthorization(): string | null {
    return this.request.headers.get('Authorization');
  }

  endpoint(): string {
    const { method, url } = this.request;
    const { origin, pathname } = new URL(url);
    return `${method} ${origin}${pathname}`;
  }

  async attempt(token: string): Promise<Attempt<Response>> {
    const { request } = this;
    // A body can be read once only, so the clone for a replay is made before it is sent.
    if (this.mayReplay && request.body) this.request = request.clone();
    request.headers.set('Authorization', `Bearer ${token}`);
    return new FetchAttempt(await this.send(request));
  }

  /** Sends with the Authorization that the caller has set. */
  sendAsIs(): Promise<Response> {
    return this.send(this.request);
  }

  wait<T>(work: (signal?: AbortSignal) => Promise<T>): Promise<T> {
    return work(this.signal);
  }

  /** Copies a typed error, so that each call gets its own. The reason of an abort belongs to the caller and is not changed. */
  failure(error: unknown): unknown {
    if (error instanceof PortOneAuthError) return copyError(error);
    return error === this.signal?.reason ? error : plainCauses(error);
  }

  private send(request: Request): Promise<Response> {
    const { fetch, settings } = this;
    return fetch(request, settings);
  }
}

class FetchAttempt implements Attempt<Response> {
  readonly isRefused: boolean;

  constructor(private readonly response: Response) {
    this.isRefused = response.status === 401;
  }

  result(): Response {
    return this.response;
  }

  letGo(): void {
    this.response.body?.cancel().catch(() => undefined);
  }
}
