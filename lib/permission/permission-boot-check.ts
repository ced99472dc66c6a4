import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import {
  ApplicationConfig,
  DiscoveryService,
  MetadataScanner,
  ModuleRef,
} from '@nestjs/core';
import { AuthConfigurationError } from '../errors/index.js';
import { getTokenServiceToken } from '../token/token-service.token.js';
import { PermissionGuard } from './permission.guard.js';
import {
  ownRule,
  requirementsOf,
  type PermissionRequirement,
} from './requirement.js';

/** Nest's own metadata keys. */
const GUARDS = '__guards__';
const ROUTE_PATH = 'path';
const ROUTE_METHOD = 'method';

/** One application is checked once, however many clients it registers. */
const checkedApplications = new WeakSet<ApplicationConfig>();

interface Candidate {
  readonly owner: Function;
  readonly methods: readonly {
    readonly name: string;
    readonly handler: Function;
  }[];
}

/**
 * At boot: a requirement that nothing enforces stops the application, and one log entry names the guarded routes that no
 * other guard protects, so that nobody takes the permission check for a login.
 */
@Injectable()
export class PermissionBootCheck implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly moduleRef: ModuleRef,
    private readonly config: ApplicationConfig,
  ) {}

  /** @throws AuthConfigurationError when a requirement stands on no route or names a client that was never registered */
  onApplicationBootstrap(): void {
    if (checkedApplications.has(this.config)) return;
    checkedApplications.add(this.config);
    const controllers = this.candidates(this.discovery.getControllers());
    const providers = this.candidates(this.discovery.getProviders());
    this.refuseMisplaced(controllers, providers);
    const routes = controllers.flatMap(({ owner, methods }) =>
      methods
        .filter(({ handler }) => isRoute(handler))
        .map((method) => ({ owner, ...method })),
    );
    const guarded = routes.filter(
      ({ owner, handler }) => requirementsOf(owner, handler).length > 0,
    );
    this.refuseUnknownClients(
      guarded.flatMap(({ owner, handler }) => requirementsOf(owner, handler)),
    );
    if (this.hasGlobalGuard()) return;
    const open = guarded.filter(
      ({ owner, handler }) => ![owner, handler].some(hasOtherGuard),
    );
    if (open.length === 0) return;
    new Logger('PortOneAuth:PermissionGuard').warn(
      'No other guard protects these routes; @RequirePermission checks our own token and lets any caller in: ' +
        open.map(({ owner, name }) => `${owner.name}.${name}`).join(', '),
    );
  }

  private candidates(
    wrappers: { metatype: Function | null | undefined | unknown }[],
  ): Candidate[] {
    const owners = new Set(
      wrappers.map(({ metatype }) => metatype).filter(isClass),
    );
    return [...owners].map((owner) => {
      const prototype = owner.prototype as Record<string, unknown>;
      const methods = this.scanner
        .getAllMethodNames(prototype)
        .map((name) => ({ name, handler: prototype[name] }))
        .filter(
          (method): method is { name: string; handler: Function } =>
            typeof method.handler === 'function',
        );
      return { owner, methods };
    });
  }

  private refuseMisplaced(
    controllers: Candidate[],
    providers: Candidate[],
  ): void {
    const misplaced = [...controllers, ...providers].flatMap(
      ({ owner, methods }) =>
        methods
          .filter(({ handler }) => ownRule(handler) && !isHandler(handler))
          .map(({ name }) => `${owner.name}.${name}`),
    );
    if (misplaced.length === 0) return;
    throw new AuthConfigurationError(
      misplaced.map((field) => ({
        field,
        message:
          'carries @RequirePermission but is not a route handler, so no guard would ever run',
      })),
    );
  }

  private refuseUnknownClients(
    requirements: readonly PermissionRequirement[],
  ): void {
    const clients = new Set(requirements.map(({ client }) => client));
    const unknown = [...clients].filter((client) => !this.isRegistered(client));
    if (unknown.length === 0) return;
    throw new AuthConfigurationError(
      unknown.map((client) => ({
        field: '@RequirePermission',
        message: `names the client '${client ?? 'default'}', which no AuthModule registers`,
      })),
    );
  }

  private isRegistered(client: string | undefined): boolean {
    try {
      return Boolean(
        this.moduleRef.get<unknown>(getTokenServiceToken(client), {
          strict: false,
        }),
      );
    } catch {
      return false;
    }
  }

  private hasGlobalGuard(): boolean {
    const instances = [
      ...this.config.getGlobalGuards(),
      ...this.config.getGlobalRequestGuards().map(({ metatype }) => metatype),
    ];
    return instances.some(
      (guard) =>
        guard !== PermissionGuard && !(guard instanceof PermissionGuard),
    );
  }
}

const isClass = (value: unknown): value is Function =>
  typeof value === 'function' &&
  typeof value.prototype === 'object' &&
  value.prototype !== null;

const isRoute = (handler: Function): boolean =>
  Reflect.hasMetadata(ROUTE_PATH, handler) &&
  Reflect.hasMetadata(ROUTE_METHOD, handler);

/** Handlers of other transports carry metadata of theirs; the guard runs there as well, and denies. */
const isHandler = (handler: Function): boolean =>
  isRoute(handler) ||
  Reflect.getMetadataKeys(handler).some((key) =>
    /^(microservices:|graphql:|message|websockets:)/.test(String(key)),
  );

const hasOtherGuard = (target: Function): boolean =>
  ((Reflect.getMetadata(GUARDS, target) ?? []) as unknown[]).some(
    (guard) => guard !== PermissionGuard,
  );
