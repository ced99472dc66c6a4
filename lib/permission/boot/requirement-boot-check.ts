import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ApplicationConfig, DiscoveryService, ModuleRef } from '@nestjs/core';
import {
  AuthConfigurationError,
  type ConfigurationProblem,
} from '../../errors/index.js';
import {
  withoutProxy,
  surviveProxies,
} from '../../provider/survive-proxies.js';
import { DEFAULT_CLIENT } from '../../token/token-service.token.js';
import {
  type ClientPermissions,
  findClientPermissions,
  getClientPermissionsToken,
} from '../client-permissions.js';
import { say } from '../permission-log.js';
import type { PermissionRequirement } from '../rule/permission-rule.js';
import { WrittenRules } from '../rule/written-rules.js';
import { NestGuards } from './nest-guards.js';
import { GuardProblems, type GraphqlOptions } from './guard-problems.js';
import { GuardedHandlers, type MethodInfo } from './guarded-handlers.js';
import { misspeltPermissions } from './misspelt-permissions.js';
import { mayBeCalled, placementProblems } from './placement-problems.js';

/** The injection token of the options of `GraphQLModule`. */
const GRAPHQL_OPTIONS = 'GqlModuleOptions';

/**
 * At boot: stops the app when a requirement would not be enforced, and logs which guarded routes no other guard protects,
 * because with the source `service` the permission check authenticates no caller.
 */
@Injectable()
export class RequirementBootCheck implements OnApplicationBootstrap {
  private readonly handlers: GuardedHandlers;
  private readonly guards: NestGuards;

  constructor(
    handlers: GuardedHandlers,
    guards: NestGuards,
    private readonly discovery: DiscoveryService,
    private readonly moduleRef: ModuleRef,
    private readonly config: ApplicationConfig,
  ) {
    surviveProxies(this);
    this.handlers = withoutProxy(handlers);
    this.guards = withoutProxy(guards);
  }

  /** @throws AuthConfigurationError with every request-scoped client, or with every requirement that would not be enforced */
  onApplicationBootstrap(): void {
    // Scopes first, because a request-scoped provider cannot be read at boot.
    throwIfAny(this.scopeProblems());
    const methods = this.handlers.methods();
    const guarded = this.handlers.guarded();
    const guardProblems = new GuardProblems(
      new WrittenRules(this.moduleRef),
      this.guards.permissionGuards(),
      this.graphqlModules(),
    );
    const placed = [...methods].flatMap(([owner, all]) =>
      placementProblems(owner, all),
    );
    const fields = new Set(placed.map(({ field }) => field));
    throwIfAny([
      ...placed,
      ...guardProblems.of(guarded.filter(({ route }) => !fields.has(route))),
      ...guarded.flatMap((handler) => this.clientProblems(handler)),
    ]);
    this.warnOfUncalled([...methods.values()].flat());
    this.warnOfOpenRoutes(guarded, guardProblems);
    const misspelt = misspeltPermissions(guarded);
    if (misspelt.length > 0) say('warn', `${MISSPELT}: ${misspelt.join(', ')}`);
  }

  /** Clients that Nest would make again for every request, each time with a new login. */
  private scopeProblems(): ConfigurationProblem[] {
    const prefix = getClientPermissionsToken('');
    return this.discovery
      .getProviders()
      .filter(
        (provider) =>
          String(provider.token).startsWith(prefix) &&
          !provider.isDependencyTreeStatic(),
      )
      .map(({ token }) => ({
        field: 'forRootAsync',
        message: `the options of the client '${String(token).slice(prefix.length)}' depend on a request-scoped provider, so it would log in again for every request; a client must be a singleton: inject nothing request-scoped, and register one client per tenant by name`,
      }));
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
  }: MethodInfo): ConfigurationProblem[] {
    return requirements.flatMap(({ client, source }) => {
      const found = this.findClient(client);
      const name = `the client '${client ?? DEFAULT_CLIENT}'`;
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

  private warnOfUncalled(methods: readonly MethodInfo[]): void {
    const uncalled = methods.filter(
      (method) =>
        method.requirements.length > 0 && !method.call && mayBeCalled(method),
    );
    if (uncalled.length === 0) return;
    say('warn', `${UNCALLED}: ${routesOf(uncalled)}`);
  }

  private warnOfOpenRoutes(
    guarded: readonly MethodInfo[],
    { isOurs }: GuardProblems,
  ): void {
    const global = [
      ...this.config.getGlobalGuards(),
      ...this.config.getGlobalRequestGuards().map(({ instance }) => instance),
    ].filter((guard) => !isOurs(guard));
    const open = guarded.filter(
      ({ requirements, call }) =>
        requirements.every((requirement) => this.isOfService(requirement)) &&
        call!.guards.every(
          (guard) => isOurs(guard) || global.includes(guard as never),
        ),
    );
    if (open.length === 0) return;
    const names = [
      ...new Set(global.map(({ constructor }) => constructor.name)),
    ];
    say(
      'warn',
      (names.length === 0
        ? 'No other guard protects these routes; @RequirePermission checks our own token and lets any caller in: '
        : `Only global guards protect these routes (${names.join(', ')}); @RequirePermission checks our own token, so every caller that passes those guards gets in: `) +
        routesOf(open),
    );
  }

  private isOfService({ client, source }: PermissionRequirement): boolean {
    return (source ?? this.findClient(client)?.options.source) === 'service';
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

function throwIfAny(problems: readonly ConfigurationProblem[]): void {
  // One class may be provided by several modules.
  const each = new Map(
    problems.map((problem) => [`${problem.field} ${problem.message}`, problem]),
  );
  if (each.size > 0) throw new AuthConfigurationError([...each.values()]);
}

const routesOf = (methods: readonly MethodInfo[]): string =>
  [...new Set(methods.map(({ route }) => route))].join(', ');

const MISSPELT =
  'These routes require permissions that PortOne does not document and that look misspelt';

const UNCALLED =
  'These methods require a permission but are not handlers of Nest; they are guarded only if the library of their decorator runs them through Nest (ExternalContextCreator) with guards';
