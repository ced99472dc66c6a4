import type { SchedulerLike } from 'rxjs';
import { allowedOriginsOf, mayCarryToken } from '../call/allowed-origins.js';
import { authorizedCall } from '../call/authorized-call.js';
import { ownAuthorization } from '../call/own-authorization.js';
import type { ResolvedAuthOptions } from '../options/resolve-options.js';
import type { TokenService } from '../token/token.service.js';
import { CallLimit } from './call-limit.js';
import { FetchCall } from './fetch-call.js';
import { urlOf } from './fetch-target.js';
import { FETCH, type WithFetch } from './fetch.stub.js';
import type { PortOneFetch } from './portone-fetch.token.js';

type Input = Parameters<PortOneFetch>[0];

/** A client's fetch. Each call looks up the global `fetch`, because observers and mocks replace it. */
export function createPortOneFetch(
  options: ResolvedAuthOptions & WithFetch,
  tokens: TokenService,
  scheduler: SchedulerLike,
): PortOneFetch {
  const { baseURL, allowedOrigins, http, [FETCH]: stub } = options;
  const allowed = allowedOriginsOf(baseURL, allowedOrigins);
  const timeout = Number(http.timeout);

  const send = async (
    target: Input,
    init: RequestInit | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Response> => {
    signal?.throwIfAborted();
    const fetch = stub ?? globalThis.fetch;
    const call = new FetchCall(fetch, target, init, signal);
    const own = call.ownAuthorization;
    if (own === null) return authorizedCall(tokens, call);
    tokens.warnOnce(ownAuthorization(own));
    return call.sendAsIs();
  };

  return async (input, init) => {
    const url = urlOf(input, baseURL);
    const target = input instanceof Request ? input : url.href;
    if (!mayCarryToken(url, allowed)) return globalThis.fetch(target, init);
    const given = givenSignal(input, init);
    // Every `Request` has a signal, also when its caller gave none. So only a signal in `init` replaces the limit.
    const hasOwn = Boolean(init?.signal);
    if (hasOwn || !(timeout > 0)) return send(target, init, given);
    const limit = new CallLimit(timeout, scheduler);
    const { signal } = limit;
    return limit.bound(
      send(target, init, given ? AbortSignal.any([given, signal]) : signal),
    );
  };
}

/** As in fetch, `signal: null` in `init` removes the signal of a `Request`. */
const givenSignal = (
  input: unknown,
  init: RequestInit | undefined,
): AbortSignal | undefined =>
  (init?.signal === undefined && input instanceof Request
    ? input.signal
    : init?.signal) ?? undefined;
