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

/** A stable string, for a second copy of this package. */
const PERMISSION_GUARD = 'nestjs-portone-auth:permission-guard';

/** `AuthModule` provides it once for an app; an app without it has no `AuthModule`. A string, for a second copy of this package. */
export const PERMISSION_MODULE = 'nestjs-portone-auth:permission-module';

interface Plan {
  readonly checks: readonly PermissionCheck[];
  readonly areClaimsWanted: boolean;
}

/** Calls that the guard has let in after a wait. All guards of a call share one context, and Nest may ask this guard several times. */
const letIn = new WeakSet<ExecutionContext>();

/**
 * Checks `@RequirePermission`, which brings it along. With the source `service` it authenticates no caller.
 *
 * A subclass in `@UseGuards` beside the decorator takes its place: it may say where its transport keeps the request, or let
 * in calls that this class denies.
 */
@Injectable()
@SetMetadata(PERMISSION_GUARD, true)
export class PermissionGuard implements CanActivate, OnModuleInit {
  /** By handler, then by class, because several classes may inherit one handler. */
  private readonly plans = new WeakMap<Function, Map<Function, Plan>>();
  /** Classes whose calls were denied because the handler is unknown: one warning is enough. */
  private readonly unknown = new WeakSet<Function>();
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

  /** Throws a denial as the call's transport can carry it; an unknown transport denies, and so does an unknown handler. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const plan = this.planFor(context);
    if (!plan) return false;
    if (plan.checks.length === 0 || letIn.has(context)) return true;
    const request = this.getRequest(context);
    const claims = passAtOnce(plan.checks);
    if (!claims) return this.decide(context, plan, request);
    if (plan.areClaimsWanted) rememberClaims(context, claims);
    return true;
  }

  /** Where the transport of this call keeps the request with the caller's token; RPC and WebSocket have no such place. */
  protected getRequest(context: ExecutionContext): RequestHeaders | undefined {
    switch (context.getType<string>()) {
      case 'http':
        return context.switchToHttp().getRequest<RequestHeaders>();
      case 'graphql': {
        const args =
          context.getArgs<({ req?: RequestHeaders } | undefined)[]>();
        // The resolver of a reference gets no arguments object before the context.
        return args[args.length === 3 ? 1 : 2]?.req;
      }
      case 'rpc':
      case 'ws':
        return undefined;
      default:
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
    letIn.add(context);
    return true;
  }

  /** Undefined: it is unknown what the call requires. */
  private planFor(context: ExecutionContext): Plan | undefined {
    const controller = context.getClass();
    const handler = context.getHandler();
    const known = this.plans.get(handler)?.get(controller);
    if (known) return known;
    const written = this.rules.find(controller, handler);
    if (!written) {
      if (!this.unknown.has(controller))
        say('warn', `${routeOf(context)} denied: ${UNKNOWN_HANDLER}`);
      this.unknown.add(controller);
      return undefined;
    }
    const { rule, areClaimsWanted } = written;
    const requirements = this.isReplaced(controller, handler)
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

  /** Whether a subclass decides instead: Nest asks it too, before or after this guard. */
  private isReplaced(...targets: Function[]): boolean {
    return (
      // Asks the prototype, because an observer's proxy may answer for `constructor`.
      Object.getPrototypeOf(this) === PermissionGuard.prototype &&
      targets.flatMap(guardsOf).some(isPermissionSubclass)
    );
  }
}

const routeOf = (context: ExecutionContext): string =>
  `${context.getClass()?.name}.${context.getHandler()?.name}`;

/** Whether a guard, or its class, stands in for the guard of this copy of the package. */
export const isPermissionSubclass = (guard: unknown): boolean =>
  classOf(guard)?.prototype instanceof PermissionGuard;

/** Whether a guard, or its class, is the guard of this copy of the package or of another, or extends one. */
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
  "guards a route, and no AuthModule is imported: add AuthModule.forRoot({ apiSecret }) or AuthModule.forRootAsync(...) to the imports of the app's root module";
const UNKNOWN_HANDLER =
  'this function stands under no name of its class, so what it requires cannot be told. Let the handler be the method of its class, or put @RequirePermission on the class alone.';
