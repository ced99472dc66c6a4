import type { ModuleRef } from '@nestjs/core';
import { DEFAULT_CLIENT } from '../token/token-service.token.js';
import type { TokenService } from '../token/token.service.js';
import type { CallerVerifier } from './caller/caller-verifier.js';
import type { ResolvedPermissions } from './resolved-permissions.js';

/** All that the guard needs of one client. */
export interface ClientPermissions {
  readonly client: string;
  readonly options: ResolvedPermissions;
  readonly tokens: TokenService;
  /** Undefined: this client verifies no callers. */
  readonly verifier?: CallerVerifier;
}

/** The injection token of a client's {@link ClientPermissions}; a string, so that a second copy of this package finds them. */
export const getClientPermissionsToken = (client = DEFAULT_CLIENT): string =>
  `nestjs-portone-auth:ClientPermissions:${client}`;

/** A client's permissions, whichever module registered it. Throws Nest's UnknownElementException when none did. */
export const findClientPermissions = (
  moduleRef: ModuleRef,
  client: string | undefined,
): ClientPermissions =>
  moduleRef.get<ClientPermissions>(getClientPermissionsToken(client), {
    strict: false,
  });
