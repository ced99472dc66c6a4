import type { TokenService } from '../token/token.service.js';
import type { CallerVerifier } from './caller-verifier.js';
import type { PermissionOptions } from './permission-options.js';

/** All that the guard needs of one client. */
export interface ClientPermissions {
  readonly client: string;
  readonly options: PermissionOptions;
  readonly tokens: TokenService;
  /** Undefined: this client verifies no callers. */
  readonly verifier?: CallerVerifier;
}
