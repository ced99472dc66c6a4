import type {
  OnApplicationBootstrap,
  OnModuleDestroy,
  OnModuleInit,
} from '@nestjs/common';
import {
  filter,
  finalize,
  firstValueFrom,
  merge,
  Observable,
  take,
  timer,
  type SchedulerLike,
  type Subscription,
} from 'rxjs';
import {
  AuthConfigurationError,
  isCredentialsRejectedError,
  isPortOneAuthError,
  isTokenUnavailableError,
} from '../../errors/index.js';
import { surviveProxies } from '../../provider/survive-proxies.js';
import type { PermissionExpression } from '../../portone/permission-expression.js';
import type { TokenEvent } from '../../token/report/token-events.js';
import { holdProcess } from '../../time/timers.js';
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

/** Events after which our own token may have other permissions. */
const CHANGES: readonly TokenEvent['type'][] = [
  'acquired',
  'adopted',
  'permissions-changed',
];

/** Compares what routes require with the permissions of one client's own token: at boot, and whenever these change. */
export class ServiceBootCheck
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy
{
  private subscription?: Subscription;
  private lastWarning = '';

  constructor(
    private readonly handlers: GuardedHandlers,
    private readonly permissions: ClientPermissions,
    private readonly scheduler: SchedulerLike,
  ) {
    surviveProxies(this);
  }

  /** All clients get their first tokens together, also a client with `eager: false` that needs its token for this check. */
  onModuleInit(): void {
    this.permissions.tokens.neededAtBoot(() => this.isTokenNeeded());
  }

  /**
   * @throws AuthConfigurationError with `bootCheck: 'error'`, when the first token lacks a permission, or is not there
   *   within 3 s
   * @throws CredentialsRejectedError with `bootCheck: 'error'`, when PortOne rejects the API secret
   */
  async onApplicationBootstrap(): Promise<void> {
    const { options, tokens } = this.permissions;
    if (options.bootCheck === 'off') return;
    // Nest may call this hook before the one that waits for the first tokens.
    const leftMs = await tokens.booted();
    if (this.isTokenNeeded()) await this.waitForToken(leftMs);
    // Without a token every permission would seem to be missing. The comparison follows as soon as there is a token.
    const unmet = tokens.peekAccessToken() === undefined ? [] : this.unmet();
    if (options.bootCheck === 'error' && unmet.length > 0) {
      throw new AuthConfigurationError(
        unmet.map(({ route, missing }) => ({
          field: route,
          message: `requires ${missing.join(', ')}, which our own token of the client '${this.permissions.name}' does not carry`,
        })),
      );
    }
    this.warnOf(unmet);
    this.subscription = tokens.events$
      .pipe(filter(mayChangePermissions))
      .subscribe(() => this.warnOf(this.unmet()));
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
  }

  private isTokenNeeded(): boolean {
    const { bootCheck } = this.permissions.options;
    return bootCheck === 'error' && this.required().length > 0;
  }

  /**
   * Waits only now, because a secret function may need what another module prepares in `onModuleInit`. A failed attempt does
   * not end the wait: the next attempt may get the token in time.
   */
  private async waitForToken(leftMs: number): Promise<void> {
    const { tokens } = this.permissions;
    let failure: unknown;
    const got$ = new Observable<unknown>((subscriber) => {
      const controller = new AbortController();
      tokens.getAccessToken({ signal: controller.signal }).then(
        (token) => subscriber.next(token),
        (error: unknown) => {
          failure = error;
          if (isCredentialsRejectedError(error)) subscriber.error(error);
        },
      );
      return () => controller.abort();
    });
    const changes$ = tokens.events$.pipe(filter(mayChangePermissions));
    // The boot waits for this, and before the server listens nothing else may keep the process alive.
    const release = holdProcess();
    await firstValueFrom(
      merge(got$, changes$, timer(leftMs, this.scheduler)).pipe(
        take(1),
        finalize(release),
      ),
    );
    if (tokens.peekAccessToken() !== undefined) return;
    throw new AuthConfigurationError([
      {
        field: 'permissions.bootCheck',
        message: `is 'error', and the client '${this.permissions.name}' got no token within 3 s to compare with what routes require (${reasonOf(failure)}); make sure that PortOne is reachable and the secret is available at boot, or set it to 'warn'`,
      },
    ]);
  }

  /** What routes require of our own token, route by route. */
  private required(): {
    route: string;
    expressions: readonly PermissionExpression[];
  }[] {
    const { name, options } = this.permissions;
    const token = getClientPermissionsToken(name);
    return this.handlers.guarded().flatMap(({ route, requirements }) => {
      const expressions = requirements
        .filter(
          ({ client, source }) =>
            getClientPermissionsToken(client) === token &&
            (source ?? options.source) === 'service',
        )
        .flatMap((requirement) => requirement.expressions);
      return expressions.length > 0 ? [{ route, expressions }] : [];
    });
  }

  private unmet(): UnmetRoute[] {
    const { tokens } = this.permissions;
    return this.required().flatMap(({ route, expressions }) => {
      const missing = expressions.flatMap((part) =>
        tokens.missingPermissions(part),
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
    const list = routes.join('; ');
    const isNew = list !== this.lastWarning;
    this.lastWarning = list;
    if (!isNew || routes.length === 0) return;
    say(
      'warn',
      `Our own token of the client '${this.permissions.name}' lacks permissions that these routes require; they will answer 403: ${list}`,
    );
  }
}

const mayChangePermissions = ({ type }: TokenEvent): boolean =>
  CHANGES.includes(type);

const reasonOf = (failure: unknown): string => {
  if (isTokenUnavailableError(failure)) return failure.reason;
  return isPortOneAuthError(failure)
    ? failure.code
    : 'the first attempt has not ended yet';
};
