import type { ConfigurationProblem } from '../../errors/index.js';
import {
  requirementsIn,
  type PermissionRequirement,
} from '../rule/permission-rule.js';
import { guardsOf } from '../../provider/nest-metadata.js';
import {
  isPermissionGuard,
  isPermissionSubclass,
  PermissionGuard,
} from '../guard/permission.guard.js';
import { ReplacedHandlerGuard } from '../guard/replaced-handler.guard.js';
import type { WrittenRules } from '../rule/written-rules.js';
import type { Call, Method } from './guarded-handlers.js';
import { isFieldResolver, isResolver } from './handler-kind.js';

/** The options of `GraphQLModule` that are read here. */
export interface GraphqlOptions {
  readonly fieldResolverEnhancers?: readonly string[];
}

/** Finds what keeps guards from enforcing what a handler requires. */
export class GuardProblems {
  constructor(
    private readonly rules: WrittenRules,
    /** The instances of our guards, or what a test has put in their place. */
    private readonly standIns: ReadonlySet<unknown>,
    private readonly graphqlModules: readonly GraphqlOptions[],
  ) {}

  /** The first thing wrong with each guarded handler. */
  of(guarded: readonly Method[]): ConfigurationProblem[] {
    return guarded.flatMap((method) => {
      const message = this.problemOf(method, method.call!);
      return message ? [{ field: method.route, message }] : [];
    });
  }

  /** Whether a guard checks permissions only: it does not authenticate the caller. */
  readonly isOurs = (guard: object): boolean =>
    guard instanceof ReplacedHandlerGuard ||
    isPermissionGuard(guard) ||
    this.standIns.has(guard);

  private problemOf(
    { name, written, requirements }: Method,
    call: Call,
  ): string | undefined {
    if (isFieldResolver(written) && !this.runGuardsBeforeFields())
      return UNGUARDED_FIELD;
    if (!this.isDecided(call, call.called, call.guards))
      return isResolver(written) && !call.isFromClass ? UNBOUND : UNASKED;
    const { guardsOfOther } = call;
    if (guardsOfOther && !this.isDecided(call, () => 0, guardsOfOther))
      return UNASKED_OTHER;
    return this.isKnown(call, name, requirements) ? undefined : UNKNOWN;
  }

  /** All GraphQL modules must run them, because `include` decides which module serves a field. */
  private runGuardsBeforeFields(): boolean {
    return (
      this.graphqlModules.length > 0 &&
      this.graphqlModules.every(({ fieldResolverEnhancers }) =>
        fieldResolverEnhancers?.includes('guards'),
      )
    );
  }

  /** Whether at least one of the guards that Nest asks decides itself, and does not leave it to another guard. */
  private isDecided(
    { instance }: Call,
    handler: Function,
    guards: readonly object[],
  ): boolean {
    const isLeftToSubclass = [instance.constructor, handler]
      .flatMap(guardsOf)
      .some(isPermissionSubclass);
    const isLeftToHandler = guardsOf(handler).some(isPermissionGuard);
    return guards.some((guard) => {
      if (guard instanceof ReplacedHandlerGuard)
        return !isLeftToHandler && !isLeftToSubclass;
      if (Object.getPrototypeOf(guard) === PermissionGuard.prototype)
        return !isLeftToSubclass;
      return this.isOurs(guard);
    });
  }

  /** Whether the guard will find every written requirement by the class and the function that Nest will pass. */
  private isKnown(
    { instance, called }: Call,
    name: string,
    requirements: readonly PermissionRequirement[],
  ): boolean {
    // A getter may have given another function to Nest than it gives here.
    if (Object.getOwnPropertyDescriptor(instance, name)?.get) return false;
    const found = this.rules.find(instance.constructor, called);
    const asked = requirementsIn(found?.rule);
    return requirements.every((requirement) => asked.includes(requirement));
  }
}

const UNGUARDED_FIELD =
  "is a field resolver, and GraphQLModule runs no guard before it; set fieldResolverEnhancers: ['guards'] on every GraphQLModule, or lift the requirement with @SkipPermissionCheck";
const UNBOUND =
  'is a resolver that Nest did not make from its class (useFactory or useValue), so no guard that a decorator brings along would run; provide the class itself, or make PermissionGuard global (APP_GUARD)';
const UNASKED =
  'requires a permission, and Nest asks no PermissionGuard before it, because something has replaced its guards or the function itself: put @RequirePermission outermost, or make PermissionGuard global (APP_GUARD)';
const UNASKED_OTHER =
  'requires a permission, and its class, which is made for every request, would not be guarded if its constructor replaced the function: put @RequirePermission on the class, or make PermissionGuard global (APP_GUARD)';
const UNKNOWN =
  'requires a permission, and Nest calls a function in its place that cannot be told from others (a getter, a proxy that gives a new function each time, or a class that names another as its constructor): let the handler be the method of its class';
