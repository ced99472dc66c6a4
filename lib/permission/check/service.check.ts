import type { ClaimsSource } from '../portone-claims.decorator.js';
import type { ClientPermissions } from '../client-permissions.js';
import { fromOwnToken } from '../denial/from-own-token.js';
import type { PermissionCheck } from './permission-check.js';
import { PermissionDeniedException } from '../denial/permission-denied.exception.js';
import type { PermissionRequirement } from '../rule/permission-rule.js';

/** Checks whether our own token carries the permissions. */
export class ServiceCheck implements PermissionCheck {
  readonly source = 'service';
  private readonly claims: ClaimsSource = () => this.client.tokens.getClaims();

  constructor(
    readonly client: ClientPermissions,
    private readonly requirements: readonly PermissionRequirement[],
  ) {}

  passAtOnce(): ClaimsSource | undefined {
    return this.isMet() ? this.claims : undefined;
  }

  async pass(): Promise<ClaimsSource> {
    await fromOwnToken(() => this.client.tokens.getAccessToken());
    if (this.isMet()) return this.claims;
    throw new PermissionDeniedException('PORTONE_SERVICE_PERMISSION_MISSING', {
      reason: `our own token lacks ${this.missing().join(', ') || 'a permission'}`,
    });
  }

  private isMet(): boolean {
    const { tokens } = this.client;
    return this.requirements.every(({ expressions }) =>
      expressions.every((expression) => tokens.hasPermission(expression)),
    );
  }

  /** The permissions that our own token lacks. Only for the message: a malformed expression has no missing names. */
  private missing(): string[] {
    return this.requirements.flatMap(({ expressions }) =>
      expressions.flatMap((expression) =>
        this.client.tokens.missingPermissions(expression),
      ),
    );
  }
}
