/** Milliseconds to wait before answering, or a function that is called for each request. */
export type ResponseDelay = number | (() => number);

/** The groups of endpoints. The emulator counts, delays and fails each of them separately. */
export type EmulatedEndpoint = 'login' | 'refresh' | 'api' | 'jwks';

/** The group that a URL belongs to; `api` for every other path. */
export function endpointOf(url: string): EmulatedEndpoint {
  const [path] = url.split('?', 1);
  if (path === '/login/api-secret') return 'login';
  if (path === '/token/refresh') return 'refresh';
  return path === '/.well-known/jwks.json' ? 'jwks' : 'api';
}

/** Options of {@link PortOneEmulator}.start(). Every field has a default. */
export interface PortOneEmulatorOptions {
  /** Seconds from `iat` to `exp` of access tokens. Default 1800, as PortOne documents. */
  accessTokenLifetime?: number;
  /** Seconds from `iat` to `exp` of refresh tokens. Default 86400, as PortOne documents. */
  refreshTokenLifetime?: number;
  /** The permissions in access tokens. Default: all permissions of PortOne's sample token. */
  permissions?: readonly string[];
  /** The API secret that a login must send. Default: a fixed string, see `portone.apiSecret`. */
  apiSecret?: string;
  /** The secret that signs webhooks: `whsec_` and base64. Default: a fixed one, see `portone.webhookSecret`. */
  webhookSecret?: string;
  /** The merchant in claims and payments. Default `merchant-emulator`. */
  merchantId?: string;
  /** The store in claims and payments. Default `store-emulator`. */
  storeId?: string;
  /** The clock for JWTs, expiry, idempotency and the `Date` header. Default `Date`. */
  clock?: {
    /** Milliseconds since 1970. */
    now(): number;
  };
  /** Delays every answer, in real milliseconds. Default 0. `portone.delay()` changes it for single endpoints. */
  responseDelay?: ResponseDelay;
  /** The port to listen on. Default 0: any free port. */
  port?: number;
  /**
   * The address to listen on. Default `127.0.0.1`: only this machine can connect. With `0.0.0.0`, every machine in the network
   * can connect, log in and read the emulator's payments.
   */
  host?: string;
}
