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
import type { Call, MethodInfo } from './guarded-handlers.js';
import { isFieldResolver, isResolver } from './handler-kind.js';

/** The options of `GraphQLModule` that are read here. */
export interface GraphqlOptions {
  readonly fieldResolverEnhancers?: readonly string[];
}

/** Finds the reasons why guards would not enforce what a handler requires. */
export class GuardProblems {
  constructor(
    private readonly rules: WrittenRules,
    /** The instances of our guards, or what a test has overridden them with. */
    private readonly permissionGuards: ReadonlySet<unknown>,
    private readonly graphqlModules: readonly GraphqlOptions[],
  ) {}

  /** The first problem of each guarded handler. */
  of(guarded: readonly MethodInfo[]): ConfigurationProblem[] {
    return guarded.flatMap((method) => {
      const message = this.problemOf(method, method.call!);
      return message ? [{ field: method.route, message }] : [];
    });
  }

  /** Whether a guard is one of this package, which authenticates no caller. */
  readonly isOurs = (guard: object): boolean =>
    guard instanceof ReplacedHandlerGuard ||
    isPermissionGuard(guard) ||
    this.permissionGuards.has(guard);

  private problemOf(
    { name, written, requirements }: MethodInfo,
    call: Call,
  ): string | undefined {
    if (isFieldResolver(written) && !this.runGuardsBeforeFields())
      return UNGUARDED_FIELD;
    if (!this.hasDecidingGuard(call, call.called, call.guards))
      return isResolver(written) && !call.isFromClass
        ? UNGUARDED_RESOLVER
        : UNGUARDED;
    const { guardsOfReplacement } = call;
    if (
      guardsOfReplacement &&
      !this.hasDecidingGuard(call, () => 0, guardsOfReplacement)
    )
      return UNGUARDED_REPLACEMENT;
    return this.canBeFound(call, name, requirements) ? undefined : UNKNOWN;
  }

  /** Every GraphQLModule must have the setting, because `include` decides which of them serves a field. */
  private runGuardsBeforeFields(): boolean {
    return (
      this.graphqlModules.length > 0 &&
      this.graphqlModules.every(({ fieldResolverEnhancers }) =>
        fieldResolverEnhancers?.includes('guards'),
      )
    );
  }

  /** Whether at least one of these guards makes the decision, and does not leave it to another guard. */
  private hasDecidingGuard(
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

  /** Whether the guard will find every requirement from the class and the function that Nest will pass. */
  private canBeFound(
    { instance, called }: Call,
    name: string,
    requirements: readonly PermissionRequirement[],
  ): boolean {
    // A getter may give another function here than it gave to Nest.
    if (Object.getOwnPropertyDescriptor(instance, name)?.get) return false;
    const found = this.rules.find(instance.constructor, called);
    const known = requirementsIn(found?.rule);
    return requirements.every((requirement) => known.includes(requirement));
  }
}

const UNGUARDED_FIELD =
  "is a field resolver, and GraphQLModule runs no guard before it; set fieldResolverEnhancers: ['guards'] on every GraphQLModule, or lift the requirement with @SkipPermissionCheck";
const UNGUARDED_RESOLVER =
  'is a resolver that Nest did not make from its class (useFactory or useValue), so Nest would not run the guards of its decorators; provide the class itself, or make PermissionGuard global (APP_GUARD)';
const UNGUARDED =
  'requires a permission, but Nest would run no PermissionGuard before it, because something has replaced its guards or the function itself: put @RequirePermission outermost, or make PermissionGuard global (APP_GUARD)';
const UNGUARDED_REPLACEMENT =
  'requires a permission, but its class is request-scoped, and no PermissionGuard would run if the constructor replaced the function: put @RequirePermission on the class, or make PermissionGuard global (APP_GUARD)';
const UNKNOWN =
  'requires a permission, but Nest calls another function in its place, and the guard cannot see which method that is (a getter, a proxy that gives a new function each time, or a class that names another class as its constructor): use a method of the class as the handler';
