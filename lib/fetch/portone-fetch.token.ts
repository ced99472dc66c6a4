import { Inject, type InjectionToken } from '@nestjs/common';
import { DEFAULT_CLIENT } from '../token/token-service.token.js';

/**
 * `fetch` whose requests to PortOne carry the access token, with fetch's own signature and its own `Response`.
 *
 * - A string without a scheme is resolved against `baseURL`. A request to another origin is a plain `fetch` without a token.
 * - A 401 costs one renewal and one replay with the same body. A stream given as `body` is sent once.
 * - An `Authorization` of your own is left alone.
 * - Without `init.signal`, `http.timeout` (60 s) bounds the call: the wait for a token, every attempt and the body.
 * - A redirect of PortOne's is the answer: status 3xx with its `Location`. It is not followed.
 * - Of the option `http` only `timeout` is for fetch: the agents, `proxy` and headers of axios mean nothing to it. A proxy or a
 *   CA is set where Node's fetch takes it from: `init.dispatcher`, undici's `setGlobalDispatcher`, NODE_EXTRA_CA_CERTS.
 *
 * It rejects with the same errors as `fetch`. When there is no token, it rejects with `TokenUnavailableError` or
 * `CredentialsRejectedError`, and nothing was sent.
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
