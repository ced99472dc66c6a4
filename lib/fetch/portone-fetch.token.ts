import { Inject, type InjectionToken } from '@nestjs/common';
import { DEFAULT_CLIENT } from '../token/token-service.token.js';

/**
 * `fetch` whose requests to PortOne carry the access token, with fetch's own signature and its own `Response`.
 *
 * - A string without a scheme is resolved against `baseURL`. A request to another origin is a plain `fetch` without a token.
 * - A 401 costs one renewal and one replay with the same body. A request with a stream as `body` is not replayed.
 * - An `Authorization` header of your own is sent unchanged, and no token is added.
 * - Without `init.signal`, `http.timeout` (60 s) limits the call: the wait for a token, every attempt and the body.
 * - A redirect is not followed: the answer has the status 3xx and its `Location`.
 * - Of the option `http` only `timeout` applies: fetch ignores the agents, `proxy` and headers of axios. Set a proxy or a CA where
 *   Node's fetch reads it: `init.dispatcher`, undici's `setGlobalDispatcher`, NODE_EXTRA_CA_CERTS.
 *
 * It rejects with the same errors as `fetch`. When there is no token, it rejects with `TokenUnavailableError` or
 * `CredentialsRejectedError`, and sends nothing.
 */
export type PortOneFetch = typeof globalThis.fetch;

/** The injection token of a client's {@link PortOneFetch}; of the default client when no name is given. */
export const getPortOneFetchToken = (client?: string): InjectionToken =>
  `nestjs-portone-auth:fetch:${client ?? DEFAULT_CLIENT}`;

/**
 * Injects the {@link PortOneFetch} of a client; of the default client when no name is given.
 *
 * @example constructor(@InjectPortOneFetch() private readonly fetch: PortOneFetch) {}
 */
export const InjectPortOneFetch = (
  client?: string,
): PropertyDecorator & ParameterDecorator =>
  Inject(getPortOneFetchToken(client));
