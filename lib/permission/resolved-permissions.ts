import type { JSONWebKeySet } from 'jose';

/** Whose permissions are asked for: those of our own token, or those of the token the caller sent. */
export type PermissionSource = 'service' | 'caller';

/** What happens at boot when our own token lacks a permission that a route requires. */
export type BootCheck = 'off' | 'warn' | 'error';

/** Where the keys of callers' tokens come from, and what a token must say. Checked and complete. */
export interface VerificationOptions {
  /** P-256 public keys, each with a `kid` unless there is only one. */
  readonly publicKeys?: JSONWebKeySet;
  /** The address of a JWKS with such keys; exactly one of the two is given. */
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
