import type { ClaimsSource } from './call-claims.js';
import type { PermissionCheck } from './permission-check.js';

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
