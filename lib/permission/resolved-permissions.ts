import type { JSONWebKeySet } from 'jose';

/** Which token is checked: `service` is our own PortOne token, `caller` is the token that the caller sent. */
export type PermissionSource = 'service' | 'caller';

/** What happens at boot when our own token lacks a permission that a route requires. */
export type BootCheck = 'off' | 'warn' | 'error';

/** Where the keys for callers' tokens come from, and what a token must contain. Validated, with all defaults. */
export interface VerificationOptions {
  /** P-256 public keys, each with a `kid` unless there is only one. */
  readonly publicKeys?: JSONWebKeySet;
  /** The URL of a JWKS with such keys. Exactly one of `publicKeys` and `jwksUri` is set. */
  readonly jwksUri?: string;
  /** Undefined: the merchant of our own token. */
  readonly merchantIds?: readonly string[];
  readonly storeId?: string;
  /** Seconds. */
  readonly clockTolerance: number;
  /** Seconds. */
  readonly maxTokenAge: number;
}

/** The permission options of one client. */
export interface ResolvedPermissions {
  readonly source: PermissionSource;
  readonly bootCheck: BootCheck;
  /** Undefined: this client verifies no callers. */
  readonly verification?: VerificationOptions;
}
