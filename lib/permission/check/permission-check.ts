import type { ClaimsSource } from '../call-claims.js';
import type { RequestHeaders } from '../caller/caller-token.js';
import type { ClientPermissions } from '../client-permissions.js';
import type { PermissionSource } from '../resolved-permissions.js';

/** Everything a route requires of one client and one source. */
export interface PermissionCheck {
  readonly client: ClientPermissions;
  readonly source: PermissionSource;
  /** The claims this check goes by, when it passes without waiting for anything; else undefined. */
  passAtOnce(): ClaimsSource | undefined;
  /** The claims it passed by. Throws PermissionDeniedException when it does not. */
  pass(request: RequestHeaders | undefined): Promise<ClaimsSource>;
}

/** The claims to go by when every check passes without waiting. */
export function passAtOnce(
  checks: readonly PermissionCheck[],
): ClaimsSource | undefined {
  let claims: ClaimsSource | undefined;
  for (const check of checks) {
    const passedBy = check.passAtOnce();
    if (!passedBy) return undefined;
    claims ??= passedBy;
  }
  return claims;
}
