import type { ClaimsSource } from '../portone-claims.decorator.js';
import type { RequestHeaders } from '../caller/caller-token.js';
import type { ClientPermissions } from '../client-permissions.js';
import type { PermissionSource } from '../resolved-permissions.js';

/** The check of everything that a route requires of one client and one source. */
export interface PermissionCheck {
  readonly client: ClientPermissions;
  readonly source: PermissionSource;
  /** The claims that were checked, if the check passes without waiting; else undefined. */
  passAtOnce(): ClaimsSource | undefined;
  /** The claims that were checked. Throws PermissionDeniedException when the check does not pass. */
  pass(request: RequestHeaders | undefined): Promise<ClaimsSource>;
}

/**
 * The claims of the first check, if every check passes without waiting. No `for…of` and no `[first]` here: when these stop
 * early, they call the iterator's `return`, which a polluted prototype may have added.
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
