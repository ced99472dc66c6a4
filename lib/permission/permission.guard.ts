import {
  ForbiddenException,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import {
  areClaimsWanted,
  rememberClaims,
  type ClaimsSource,
} from './call-claims.js';
import type { RequestHeaders } from './caller/caller-token.js';
import { denialForTransport } from './denial/denial-for-transport.js';
import { findClientPermissions } from './client-permissions.js';
import { guardsOf } from './guards-of.js';
import { passAtOnce, type PermissionCheck } from './check/permission-check.js';
import { PermissionDeniedException } from './denial/permission-denied.exception.js';
import { say } from './permission-log.js';
import { planChecks } from './check/plan-checks.js';
import { requirementsOf } from './requirement.js';

/** A stable string, for a second copy of this package. */
const PERMISSION_GUARD = 'nestjs-portone-auth:permission-guard';

interface Plan {
  readonly checks: readonly PermissionCheck[];
  readonly areClaimsWanted: boolean;
}

/** Calls let in after a check that took time: Nest hands one context to all guards of a call, however often ours is among them. */
const letIn = new WeakSet<ExecutionContext>();

/**
 * Checks `@RequirePermission`, which brings it along. With the source `service` it authenticates no caller.
 *
 * A subclass in `@UseGuards` beside the decorator takes its place: it may say where its transport keeps the request, or let
 * in calls that this class denies.
 */
@Injectable()
@SetMetadata(PERMISSION_GUARD, true)
export class PermissionGuard implements CanActivate {
  /** By handler, then by the class that runs it: a base class may have lent it to several. */
  private readonly plans = new WeakMap<Function, Map<Function, Plan>>();

  constructor(private readonly moduleRef: ModuleRef) {}

  /** Throws a denial as the call's transport can carry it; an unknown transport denies. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const plan = this.planFor(context);
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
      case 'graphql':
        // Last but one: a reference resolver gets no arguments object.
        return context
          .getArgs<({ req?: RequestHeaders } | undefined)[]>()
          .at(-2)?.req;
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
        this.report(error, check, context);
        throw await denialForTransport(error, context);
      }
    }
    if (claims && isWanted) rememberClaims(context, claims);
    letIn.add(context);
    return true;
  }

  private report(
    { code, reason }: PermissionDeniedException,
    { client, source }: PermissionCheck,
    context: ExecutionContext,
  ): void {
    const route = `${context.getClass().name}.${context.getHandler().name}`;
    // Anybody can make us deny a caller; what our own token lacks is for the operator to mend.
    say(
      source === 'service' ? 'warn' : 'debug',
      `${route} denied for client '${client.client}': ${reason} (${code}).`,
    );
    // A stub of TokenService has none: users are not told of it.
    client.tokens.report?.({
      type: 'permission-denied',
      source,
      route,
      code,
      reason,
    });
  }

  private planFor(context: ExecutionContext): Plan {
    const controller = context.getClass();
    const handler = context.getHandler();
    const known = this.plans.get(handler)?.get(controller);
    if (known) return known;
    const requirements = this.isReplaced(controller, handler)
      ? []
      : requirementsOf(controller, handler);
    const plan = {
      checks: planChecks(requirements, (client) =>
        findClientPermissions(this.moduleRef, client),
      ),
      areClaimsWanted: areClaimsWanted(controller),
    };
    const plans = this.plans.get(handler) ?? new Map<Function, Plan>();
    this.plans.set(handler, plans.set(controller, plan));
    return plan;
  }

  /** Nest will ask the subclass as well, whatever the order they stand in. */
  private isReplaced(...targets: Function[]): boolean {
    return (
      this.constructor === PermissionGuard &&
      targets.flatMap(guardsOf).some(isPermissionSubclass)
    );
  }
}

/** Whether a class stands in for the guard of this copy of the package. */
export const isPermissionSubclass = (guard: unknown): boolean =>
  typeof guard === 'function' && guard.prototype instanceof PermissionGuard;

/** Whether a class is the guard of this copy of the package or of another, or extends one. */
export const isPermissionGuard = (guard: Function): boolean =>
  Reflect.hasMetadata(PERMISSION_GUARD, guard);
