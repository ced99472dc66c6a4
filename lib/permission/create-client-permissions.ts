import type { CreateAxiosDefaults } from 'axios';
import type { SchedulerLike } from 'rxjs';
import type { Clock } from '../time/clock.js';
import type { TokenService } from '../token/token.service.js';
import type { ClientPermissions } from './client-permissions.js';
import type { ResolvedPermissions } from './resolved-permissions.js';

/** Puts together what the guard needs of one client. The verification of JWTs is loaded for apps that verify any. */
export async function createClientPermissions(
  client: {
    readonly client: string;
    readonly http: CreateAxiosDefaults;
    readonly permissions: ResolvedPermissions;
  },
  tokens: TokenService,
  clock: Clock,
  scheduler: SchedulerLike,
): Promise<ClientPermissions> {
  const { client: name, permissions: options } = client;
  const { verification } = options;
  if (!verification) return { client: name, options, tokens };
  const { createCallerVerifier } =
    await import('./caller/create-caller-verifier.js');
  const verifier = await createCallerVerifier(
    client,
    verification,
    tokens,
    clock,
    scheduler,
  );
  return { client: name, options, tokens, verifier };
}
