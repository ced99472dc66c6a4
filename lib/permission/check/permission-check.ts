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

/**
 * The claims to go by when every check passes without waiting. No loop that ends early: leaving one, or taking an array
 * apart with `[first]`, calls the `return` of a polluted prototype.
 */
export function passAtOnce(
  checks: readonly PermissionCheck[],
): ClaimsSource | undefined {
  let claims: ClaimsSource | undefined;
  const isPassed = checks.every((check) => {
    const passedBy = check.passAtOnce();
    claims ??= passedBy;
    return passedBy !== undefined;
  });
  return isPassed ? claims : undefined;
}
