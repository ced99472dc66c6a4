/** Milliseconds to wait before answering, or a function asked once for each request. */
export type ResponseDelay = number | (() => number);

/** The endpoints the emulator counts, delays and fails apart from each other. */
export type EmulatedEndpoint = 'login' | 'refresh' | 'api' | 'jwks';

/** What can be told to fail or to be late: one endpoint, or `tokens` for login and refresh together. */
export type EndpointTarget = EmulatedEndpoint | 'tokens';

/** The endpoints behind a target. */
export const endpointsOf = (
  target: EndpointTarget,
): readonly EmulatedEndpoint[] =>
  target === 'tokens' ? ['login', 'refresh'] : [target];

/** How a {@link PortOneEmulator} is started; every field has a default. */
export interface PortOneEmulatorOptions {
  /** Seconds from `iat` to `exp` of access tokens. Default 1800, as PortOne documents. */
  accessTokenLifetime?: number;
  /** Seconds from `iat` to `exp` of refresh tokens. Default 86400, as PortOne documents. */
  refreshTokenLifetime?: number;
  /** The permissions in access tokens. Default: all of PortOne's sample token. */
  permissions?: readonly string[];
  /** The API secret that logs in. Default: a distinctive string, readable as `portone.apiSecret`. */
  apiSecret?: string;
  /** The merchant in claims and payments. Default `merchant-emulator`. */
  merchantId?: string;
  /** The store in claims and payments. Default `store-emulator`. */
  storeId?: string;
  /** Gives epoch milliseconds; JWTs, expiry and the `Date` header follow it. Default `Date`. */
  clock?: { now(): number };
  /** How late every endpoint answers, in real milliseconds. Default 0; `portone.delay()` changes it by endpoint. */
  responseDelay?: ResponseDelay;
  /** The port on 127.0.0.1. Default 0, any free one. */
  port?: number;
}
