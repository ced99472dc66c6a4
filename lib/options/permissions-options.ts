import type { JSONWebKeySet, JWK } from 'jose';
import type {
  BootCheck,
  PermissionSource,
} from '../permission/resolved-permissions.js';

/** How callers' own tokens are verified: ES256, issuer IAMPORT, and a key from exactly one of `publicKey` and `jwksUri`. */
export interface CallerVerificationOptions {
  /** A P-256 public key as PEM (SPKI) or JWK, or several as a JWKS with a `kid` each. */
  readonly publicKey?: string | JWK | JSONWebKeySet;
  /** The address of a JWKS: https, or plain http for a loopback host. */
  readonly jwksUri?: string;
  /** The merchant whose tokens are accepted, or several. Default: the merchant of our own token. */
  readonly merchantId?: string | readonly string[];
  /** The one store whose tokens are accepted. Default: every store of the merchant. */
  readonly storeId?: string;
  /** How far this machine's clock may be wrong, in seconds from 0 to 60. Default 5. */
  readonly clockTolerance?: number;
  /** How old a token may be, in seconds since its `iat`. Default 3600. */
  readonly maxTokenAge?: number;
}

/** What `@RequirePermission` asks for when it does not say so itself. */
export interface PermissionsOptions {
  /**
   * `service`: the permissions of our own token; it authenticates no caller. `caller`: those of the request's own Bearer
   * token, which needs `verification`. Default `service`.
   */
  readonly source?: PermissionSource;
  /** Needed as soon as one route has the source `caller`. */
  readonly verification?: CallerVerificationOptions;
  /**
   * What happens at boot when our own token lacks a permission that a route requires of it: nothing, one log entry that
   * lists the routes, or no start. Default `warn`.
   */
  readonly bootCheck?: BootCheck;
}
