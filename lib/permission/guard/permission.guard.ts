import {
  ForbiddenException,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
  type OnModuleInit,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { AuthConfigurationError } from '../../errors/index.js';
import { surviveProxies } from '../../provider/survive-proxies.js';
import {
  rememberClaims,
  type ClaimsSource,
} from '../portone-claims.decorator.js';
import type { RequestHeaders } from '../caller/caller-token.js';
import { passAtOnce, type PermissionCheck } from '../check/permission-check.js';
import { planChecks } from '../check/plan-checks.js';
import { findClientPermissions } from '../client-permissions.js';
import { denialForTransport } from '../denial/denial-for-transport.js';
import { PermissionDeniedException } from '../denial/permission-denied.exception.js';
import { reportDenial, say } from '../permission-log.js';
import { guardsOf } from '../../provider/nest-metadata.js';
import { requirementsIn } from '../rule/permission-rule.js';
import { WrittenRules } from '../rule/written-rules.js';

/** A string, so that a second copy of this package recognizes the guard. */
const PERMISSION_GUARD = 'nestjs-portone-auth:permission-guard';

/** By this injection token the guard sees that the app imports `AuthModule`. A string, for a second copy of this package. */
export const PERMISSION_MODULE = 'nestjs-portone-auth:permission-module';

interface Plan {
  readonly checks: readonly PermissionCheck[];
  readonly areClaimsWanted: boolean;
}

/** Calls that passed asynchronous checks. Nest may run this guard several times for one call, always with the same context. */
const passed = new WeakSet<ExecutionContext>();

/**
 * Enforces `@RequirePermission`, which adds this guard by itself. With the source `service` it authenticates no caller.
 *
 * A subclass in `@UseGuards` beside the decorator is used instead of this class. It may override `getRequest` for another
 * transport, or allow calls that this class denies.
 */
@Injectable()
@SetMetadata(PERMISSION_GUARD, true)
export class PermissionGuard implements CanActivate, OnModuleInit {
  /** By handler, then by class, because several classes may inherit one handler. */
  private readonly plans = new WeakMap<Function, Map<Function, Plan>>();
  /** Classes and handlers for which a warning was logged. */
  private readonly warned = new WeakSet<Function>();
  private readonly rules: WrittenRules;

  constructor(private readonly moduleRef: ModuleRef) {
    surviveProxies(this);
    this.rules = new WrittenRules(moduleRef);
  }

  /** @throws AuthConfigurationError in an app that does not import `AuthModule` */
  onModuleInit(): void {
    try {
      this.moduleRef.get(PERMISSION_MODULE, { strict: false });
    } catch {
      throw new AuthConfigurationError([
        { field: 'PermissionGuard', message: NO_MODULE },
      ]);
    }
  }

  /** Throws a denial in the form that the transport of the call expects. Denies an unknown transport and an unknown handler. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const plan = this.planFor(context);
    if (!plan) return false;
    if (plan.checks.length === 0 || passed.has(context)) return true;
    const request = this.getRequest(context);
    const claims = passAtOnce(plan.checks);
    if (!claims) return this.decide(context, plan, request);
    if (plan.areClaimsWanted) rememberClaims(context, claims);
    return true;
  }

  /** The request with the caller's token, as the transport of this call keeps it. RPC and WebSocket have no such request. */
  protected getRequest(context: ExecutionContext): RequestHeaders | undefined {
    switch (context.getType<string>()) {
      case 'http':
        return context.switchToHttp().getRequest<RequestHeaders>();
      case 'graphql': {
        const args =
          context.getArgs<({ req?: RequestHeaders } | undefined)[]>();
        // `@ResolveReference` gets no object of arguments before the context.
        return args[args.length === 3 ? 1 : 2]?.req;
      }
      case 'rpc':
      case 'ws':
        return undefined;
      default:
        if (this.isFirst(context.getHandler()))
          say('warn', `${routeOf(context)} denied: ${UNKNOWN_CALL}`);
        throw new ForbiddenException();
    }
  }

  private async decide(
    context: ExecutionContext,
    { checks, areClaimsWanted: isWanted }: Plan,
    request: RequestHeaders | undefined,
  ): Promise<boolean> {
    let claims: ClaimsSource | undefined;
    for (const check of checks) {
      try {
        const passedBy = await check.pass(request);
        claims ??= passedBy;
      } catch (error) {
        if (!PermissionDeniedException.is(error)) throw error;
        const { source, client } = check;
        const { code, reason } = error;
        const route = routeOf(context);
        reportDenial({ source, route, code, reason }, client);
        throw await denialForTransport(error, context);
      }
    }
    if (claims && isWanted) rememberClaims(context, claims);
    passed.add(context);
    return true;
  }

  /** Whether this class or handler has not been warned about yet. */
  private isFirst(target: Function): boolean {
    const isFirst = !this.warned.has(target);
    this.warned.add(target);
    return isFirst;
  }

  /** Undefined: it is unknown what the call requires. */
  private planFor(context: ExecutionContext): Plan | undefined {
    const controller = context.getClass();
    const handler = context.getHandler();
    const known = this.plans.get(handler)?.get(controller);
    if (known) return known;
    const written = this.rules.find(controller, handler);
    if (!written) {
      if (this.isFirst(controller))
        say('warn', `${routeOf(context)} denied: ${UNKNOWN_HANDLER}`);
      return undefined;
    }
    const { rule, areClaimsWanted } = written;
    const requirements = this.isLeftToSubclass(controller, handler)
      ? []
      : requirementsIn(rule);
    const plan = {
      checks: planChecks(requirements, (client) =>
        findClientPermissions(this.moduleRef, client),
      ),
      areClaimsWanted,
    };
    const plans = this.plans.get(handler) ?? new Map<Function, Plan>();
    this.plans.set(handler, plans.set(controller, plan));
    return plan;
  }

  /** Whether a subclass of this guard is on the class or handler. Nest runs it too, and it decides instead. */
  private isLeftToSubclass(...targets: Function[]): boolean {
    return (
      // Compares the prototype, because a proxy around this guard may give another `constructor`.
      Object.getPrototypeOf(this) === PermissionGuard.prototype &&
      targets.flatMap(guardsOf).some(isPermissionSubclass)
    );
  }
}

const routeOf = (context: ExecutionContext): string =>
  `${context.getClass()?.name}.${context.getHandler()?.name}`;

/** Whether a guard (instance or class) is a subclass of this PermissionGuard. */
export const isPermissionSubclass = (guard: unknown): boolean =>
  classOf(guard)?.prototype instanceof PermissionGuard;

/** Whether a guard (instance or class) is a PermissionGuard or a subclass of it, from this or another copy of the package. */
export const isPermissionGuard = (guard: unknown): boolean => {
  const guardClass = classOf(guard);
  return (
    guardClass !== undefined &&
    Reflect.hasMetadata(PERMISSION_GUARD, guardClass)
  );
};

const classOf = (guard: unknown): Function | undefined => {
  const found: unknown =
    typeof guard === 'function'
      ? guard
      : (guard as object | null | undefined)?.constructor;
  return typeof found === 'function' ? found : undefined;
};

const NO_MODULE =
  "guards a route, and no AuthModule is imported: add AuthModule.forRoot({ apiSecret }) or AuthModule.forRootAsync(...) to the imports of the app's root module; in a test of a controller alone, use overrideGuard(PermissionGuard)";
const UNKNOWN_HANDLER =
  'the function that Nest calls is not a method of its class, so its requirements are unknown. Use a method of the class as the handler, or put @RequirePermission only on the class.';
const UNKNOWN_CALL =
  'PermissionGuard does not know where calls of this library keep their request. Put a subclass of PermissionGuard with getRequest() into @UseGuards, beside @RequirePermission.';
