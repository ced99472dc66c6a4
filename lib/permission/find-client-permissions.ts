import type { ModuleRef } from '@nestjs/core';
import type { ClientPermissions } from './client-permissions.js';
import { getClientPermissionsToken } from './client-permissions.token.js';

/** A client's permissions, whichever module registered it. Throws Nest's UnknownElementException when none did. */
export const findClientPermissions = (
  moduleRef: ModuleRef,
  client: string | undefined,
): ClientPermissions =>
  moduleRef.get<ClientPermissions>(getClientPermissionsToken(client), {
    strict: false,
  });
