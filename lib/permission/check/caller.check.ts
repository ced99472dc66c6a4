import { deepFreeze } from '../../portone/own.js';
import { permissionsIn } from '../../portone/permission-names.js';
import {
  isGranted,
  permissionNames,
} from '../../portone/permission-expression.js';
import type { ClaimsSource } from '../portone-claims.decorator.js';
import { callerToken, type RequestHeaders } from '../caller/caller-token.js';
import type { ClientPermissions } from '../client-permissions.js';
import type { PermissionCheck } from './permission-check.js';
import { PermissionDeniedException } from '../denial/permission-denied.exception.js';
import type { PermissionRequirement } from '../rule/permission-rule.js';

const UNCONFIGURED_RETRY_MS = 60_000;

/** Checks whether the token of the request carries the permissions. */
export class CallerCheck implements PermissionCheck {
  readonly source = 'caller';

  constructor(
    readonly client: ClientPermissions,
    private readonly requirements: readonly PermissionRequirement[],
  ) {}

  passAtOnce(): undefined {
    return undefined;
  }

  async pass(request: RequestHeaders | undefined): Promise<ClaimsSource> {
    const token = callerToken(request);
    const claims = await this.verifier().verify(token);
    const granted = permissionsIn(claims);
    for (const { expressions } of this.requirements) {
      if (expressions.every((part) => isGranted(granted, part))) continue;
      throw new PermissionDeniedException('PORTONE_INSUFFICIENT_PERMISSION', {
        reason: "the caller's token lacks a permission",
        scope: expressions.flatMap(permissionNames),
      });
    }
    return () => deepFreeze(claims);
  }

  /** The boot check stops an app whose client has no verifier. If that check did not run, every caller is denied here. */
  private verifier() {
    if (this.client.verifier) return this.client.verifier;
    throw new PermissionDeniedException('PORTONE_KEYS_UNAVAILABLE', {
      reason: 'the client has no permissions.verification',
      retryAfterMs: UNCONFIGURED_RETRY_MS,
    });
  }
}
