import type { ClaimsSource } from './call-claims.js';
import type { ClientPermissions } from './client-permissions.js';
import { fromOwnToken } from './own-token.js';
import type { PermissionCheck } from './permission-check.js';
import { PermissionDeniedException } from './permission-denied.exception.js';
import type { PermissionRequirement } from './requirement.js';

/** Does our own token carry the permissions? */
export class ServiceCheck implements PermissionCheck {
  readonly source = 'service';
  private readonly claims: ClaimsSource = () => this.client.tokens.getClaims();

  constructor(
    readonly client: ClientPermissions,
    private readonly requirements: readonly PermissionRequirement[],
  ) {}

  passAtOnce(): ClaimsSource | undefined {
    const { tokens } = this.client;
    const isMet = this.requirements.every(({ expressions }) =>
      expressions.every((expression) => tokens.hasPermission(expression)),
    );
    return isMet ? this.claims : undefined;
  }

  async pass(): Promise<ClaimsSource> {
    await fromOwnToken(() => this.client.tokens.getAccessToken());
    const missing = this.missing();
    if (missing.length === 0) return this.claims;
    throw new PermissionDeniedException('PORTONE_SERVICE_PERMISSION_MISSING', {
      reason: `our own token lacks ${missing.join(', ')}`,
    });
  }

  /** What our own token lacks now, in order. */
  missing(): string[] {
    return this.requirements.flatMap(({ expressions }) =>
      expressions.flatMap((expression) =>
        this.client.tokens.missingPermissions(expression),
      ),
    );
  }
}
