import { DEFAULT_CLIENT } from '../token/token-service.token.js';

/** The injection token of a client's {@link ClientPermissions}; a string, so that a second copy of this package finds them. */
export const getClientPermissionsToken = (client = DEFAULT_CLIENT): string =>
  `nestjs-portone-auth:ClientPermissions:${client}`;
