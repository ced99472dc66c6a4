import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { filter, type Subscription } from 'rxjs';
import { AuthConfigurationError } from '../../errors/index.js';
import { surviveProxies } from '../../provider/survive-proxies.js';
import type { TokenEvent } from '../../token/token-events.js';
import {
  type ClientPermissions,
  getClientPermissionsToken,
} from '../client-permissions.js';
import type { GuardedHandlers } from './guarded-handlers.js';
import { say } from '../permission-log.js';

interface UnmetRoute {
  readonly route: string;
  readonly missing: readonly string[];
}

/** When another token may carry other permissions than the one before. */
const NEWS: readonly TokenEvent['type'][] = [
  'acquired',
  'adopted',
  'permissions-changed',
];

/** Compares what routes require of one client's own token with what it carries: at boot, and whenever that changes. */
export class ServiceBootCheck
  implements OnApplicationBootstrap, OnModuleDestroy
{
  private subscription?: Subscription;
  private lastSaid = '';

  constructor(
    private readonly handlers: GuardedHandlers,
    private readonly permissions: ClientPermissions,
  ) {
    surviveProxies(this);
  }

  /** @throws AuthConfigurationError with `bootCheck: 'error'`, when the first token does not carry all that is required */
  async onApplicationBootstrap(): Promise<void> {
    const { options, tokens } = this.permissions;
    if (options.bootCheck === 'off') return;
    // Nest may call this hook before the one that waits for the first tokens. A test's stub has no tokens to wait for.
    await tokens.booted?.();
    // Without a token all would seem to be lacking; it is compared once there is one.
    const unmet = tokens.peekAccessToken() === undefined ? [] : this.unmet();
    if (options.bootCheck === 'error' && unmet.length > 0) {
      throw new AuthConfigurationError(
        unmet.map(({ route, missing }) => ({
          field: route,
          message: `requires ${missing.join(', ')}, which our own token of the client '${this.permissions.client}' does not carry`,
        })),
      );
    }
    this.warnOf(unmet);
    this.subscription = tokens.events$
      .pipe(filter(({ type }) => NEWS.includes(type)))
      .subscribe(() => this.warnOf(this.unmet()));
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
  }

  private unmet(): UnmetRoute[] {
    const { options, tokens } = this.permissions;
    const token = getClientPermissionsToken(this.permissions.client);
    return this.handlers.guarded().flatMap(({ route, requirements }) => {
      const missing = requirements
        .filter(
          ({ client, source }) =>
            getClientPermissionsToken(client) === token &&
            (source ?? options.source) === 'service',
        )
        .flatMap(({ expressions }) =>
          expressions.flatMap((part) => tokens.missingPermissions(part)),
        );
      return missing.length > 0
        ? [{ route, missing: [...new Set(missing)] }]
        : [];
    });
  }

  private warnOf(unmet: readonly UnmetRoute[]): void {
    const routes = unmet.map(
      ({ route, missing }) => `${route} (${missing.join(', ')})`,
    );
    const said = routes.join('; ');
    const isNew = said !== this.lastSaid;
    this.lastSaid = said;
    if (!isNew || routes.length === 0) return;
    say(
      'warn',
      `Our own token of the client '${this.permissions.client}' lacks permissions that these routes require; they will answer 403: ${said}`,
    );
  }
}
