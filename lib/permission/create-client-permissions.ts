import type { SchedulerLike } from 'rxjs';
import type { Clock } from '../token/clock.js';
import type { TokenService } from '../token/token.service.js';
import type { ClientPermissions } from './client-permissions.js';
import type { PermissionOptions } from './permission-options.js';

/** What the guard needs of one client. JWT verification is loaded here, for the clients that verify callers. */
export async function createClientPermissions(
  client: { readonly client: string; readonly permissions: PermissionOptions },
  tokens: TokenService,
  clock: Clock,
  scheduler: SchedulerLike,
): Promise<ClientPermissions> {
  const options = client.permissions;
  const { verification } = options;
  if (!verification) return { client: client.client, options, tokens };
  const { createCallerVerifier } = await import('./create-caller-verifier.js');
  const verifier = createCallerVerifier(verification, tokens, clock, scheduler);
  return { client: client.client, options, tokens, verifier };
}
