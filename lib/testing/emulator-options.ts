/** Milliseconds to wait before answering, or a function asked once for each request. */
export type ResponseDelay = number | (() => number);

/** The endpoints the emulator counts, delays and fails apart from each other. */
export type EmulatedEndpoint = 'login' | 'refresh' | 'api' | 'jwks';

/** The endpoint that a request target belongs to; `api` for every other path. */
export function endpointOf(url: string): EmulatedEndpoint {
  const [path] = url.split('?', 1);
  if (path === '/login/api-secret') return 'login';
  if (path === '/token/refresh') return 'refresh';
  return path === '/.well-known/jwks.json' ? 'jwks' : 'api';
}

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
  /** The secret that signs webhooks: `whsec_` and base64. Default: a fixed one, readable as `portone.webhookSecret`. */
  webhookSecret?: string;
  /** The merchant in claims and payments. Default `merchant-emulator`. */
  merchantId?: string;
  /** The store in claims and payments. Default `store-emulator`. */
  storeId?: string;
  /** Gives epoch milliseconds; JWTs, expiry, idempotency and the `Date` header follow it. Default `Date`. */
  clock?: {
    /** Milliseconds since 1970. */
    now(): number;
  };
  /** How late every endpoint answers, in real milliseconds. Default 0; `portone.delay()` changes it by endpoint. */
  responseDelay?: ResponseDelay;
  /** The port to listen on. Default 0, any free one. */
  port?: number;
  /**
   * The address to listen on. Default `127.0.0.1`: only this machine gets answers. `0.0.0.0` lets every machine that
   * reaches this one log in and read the emulator's payments.
   */
  host?: string;
}
