import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ApplicationConfig, DiscoveryService, ModuleRef } from '@nestjs/core';
import {
  AuthConfigurationError,
  type ConfigurationProblem,
} from '../../errors/index.js';
import { scopeProblems } from '../../options/scope-problems.js';
import {
  type ClientPermissions,
  findClientPermissions,
  getClientPermissionsToken,
} from '../client-permissions.js';
import {
  fieldProblems,
  unboundProblems,
  type GraphqlOptions,
} from './graphql-problems.js';
import { GuardedHandlers, type CandidateHandler } from './guarded-handlers.js';
import { guardsOf } from '../guards-of.js';
import { isPermissionGuard } from '../permission.guard.js';
import { say } from '../permission-log.js';
import { placementProblems } from './placement-problems.js';
import type { PermissionRequirement } from '../requirement.js';

/** One application is checked once, however many clients it registers. */
const checkedApplications = new WeakSet<ApplicationConfig>();

/** The injection token of what `GraphQLModule` was given. */
const GRAPHQL_OPTIONS = 'GqlModuleOptions';

/**
 * At boot: a requirement that nothing enforces stops the application, and one log entry names the guarded routes that no
 * other guard protects, so that nobody takes the permission check for a login.
 */
@Injectable()
export class RequirementBootCheck implements OnApplicationBootstrap {
  constructor(
    private readonly handlers: GuardedHandlers,
    private readonly discovery: DiscoveryService,
    private readonly moduleRef: ModuleRef,
    private readonly config: ApplicationConfig,
  ) {}

  /** @throws AuthConfigurationError that names every client that is no singleton, or every requirement that would not be enforced */
  onApplicationBootstrap(): void {
    if (checkedApplications.has(this.config)) return;
    checkedApplications.add(this.config);
    // First: what cannot be had outside of a request cannot be looked at either.
    const outOfScope = scopeProblems(this.discovery.getProviders());
    if (outOfScope.length > 0) throw new AuthConfigurationError(outOfScope);
    const guarded = this.handlers.guarded();
    const problems = [
      ...this.handlers
        .owners()
        .flatMap((owner) =>
          placementProblems(owner, this.handlers.methodsOf(owner)),
        ),
      ...fieldProblems(guarded, this.graphqlModules()),
      ...unboundProblems(
        this.handlers.unbound(),
        this.config.getGlobalGuards(),
      ),
      ...guarded.flatMap((handler) => this.clientProblems(handler)),
    ];
    if (problems.length > 0) throw new AuthConfigurationError(problems);
    this.warnOfOpenRoutes(guarded);
  }

  private graphqlModules(): GraphqlOptions[] {
    return this.discovery
      .getProviders()
      .filter(({ token }) => token === GRAPHQL_OPTIONS)
      .map(({ instance }) => instance as GraphqlOptions);
  }

  private clientProblems({
    route,
    requirements,
  }: CandidateHandler): ConfigurationProblem[] {
    return requirements.flatMap(({ client, source }) => {
      const found = this.findClient(client);
      const name = `the client '${client ?? 'default'}'`;
      if (!found) {
        const message = `requires a permission of ${name}, which no AuthModule registers`;
        return [{ field: route, message }];
      }
      const isUnverifiable =
        (source ?? found.options.source) === 'caller' && !found.verifier;
      return isUnverifiable
        ? [
            {
              field: route,
              message: `has the source 'caller', but ${name} has no permissions.verification`,
            },
          ]
        : [];
    });
  }

  private warnOfOpenRoutes(guarded: CandidateHandler[]): void {
    if (this.hasOtherGlobalGuard()) return;
    const open = guarded.filter(
      ({ owner, handler, requirements }) =>
        requirements.every((requirement) => this.isOfService(requirement)) &&
        ![...guardsOf(owner), ...guardsOf(handler)].some(isOtherGuard),
    );
    if (open.length === 0) return;
    say(
      'warn',
      'No other guard protects these routes; @RequirePermission checks our own token and lets any caller in: ' +
        open.map(({ route }) => route).join(', '),
    );
  }

  private isOfService({ client, source }: PermissionRequirement): boolean {
    return (source ?? this.findClient(client)?.options.source) === 'service';
  }

  private hasOtherGlobalGuard(): boolean {
    return [
      ...this.config.getGlobalGuards(),
      ...this.config.getGlobalRequestGuards().map(({ metatype }) => metatype),
    ].some(isOtherGuard);
  }

  private findClient(client?: string): ClientPermissions | undefined {
    const isRegistered = this.discovery
      .getProviders()
      .some(({ token }) => token === getClientPermissionsToken(client));
    return isRegistered
      ? findClientPermissions(this.moduleRef, client)
      : undefined;
  }
}

/** A subclass counts as ours, and so does the guard of a second copy: neither knows who is calling. */
const isOtherGuard = (guard: unknown): boolean =>
  !isPermissionGuard(
    typeof guard === 'function' ? guard : (guard as object).constructor,
  );
