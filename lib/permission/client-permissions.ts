import type { ModuleRef } from '@nestjs/core';
import type { CreateAxiosDefaults } from 'axios';
import type { SchedulerLike } from 'rxjs';
import type { Clock } from '../time/clock.js';
import { type Sealed, unseal } from '../provider/sealed.js';
import { DEFAULT_CLIENT } from '../token/token-service.token.js';
import type { TokenService } from '../token/token.service.js';
import type { CallerVerifier } from './caller/caller-verifier.js';
import type { ResolvedPermissions } from './resolved-permissions.js';

/** What the guard needs to know about one client. */
export interface ClientPermissions {
  readonly name: string;
  readonly options: ResolvedPermissions;
  readonly tokens: TokenService;
  /** Undefined: this client verifies no callers. */
  readonly verifier?: CallerVerifier;
}

/** The injection token of a client's {@link ClientPermissions}; a string, so that a second copy of this package finds them. */
export const getClientPermissionsToken = (client = DEFAULT_CLIENT): string =>
  `nestjs-portone-auth:ClientPermissions:${client}`;

/** Finds them in any module of the app. Throws Nest's UnknownElementException when no module registers the client. */
export function findClientPermissions(
  moduleRef: Pick<ModuleRef, 'get'>,
  client: string | undefined,
): ClientPermissions {
  const found = moduleRef.get<Sealed<ClientPermissions> | ClientPermissions>(
    getClientPermissionsToken(client),
    { strict: false },
  );
  // What a test provides instead is not sealed.
  return Object.hasOwn(found, 'show')
    ? unseal(found as Sealed<ClientPermissions>)
    : (found as ClientPermissions);
}

/** Makes the permissions of one client. The code that verifies JWTs is loaded only for a client that verifies callers. */
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
  const verifier =
    verification &&
    (await (
      await import('./caller/create-caller-verifier.js')
    ).createCallerVerifier(client, verification, tokens, clock, scheduler));
  // `verifier` is set even when it is undefined, so that a polluted prototype cannot add one.
  return { name, options, tokens, verifier };
}
