import type { ConfigurationProblem } from '../../errors/index.js';
import type { CandidateHandler } from './guarded-handlers.js';
import { guardsOf } from '../guards-of.js';
import { isFieldResolver } from './is-called-by-nest.js';
import {
  isPermissionGuard,
  isPermissionSubclass,
} from '../permission.guard.js';

/** As much of what `GraphQLModule` was given as is looked at. */
export interface GraphqlOptions {
  readonly fieldResolverEnhancers?: readonly string[];
}

/** Guarded field resolvers that some GraphQL module runs no guard before: which of them serves one is up to its `include`. */
export function fieldProblems(
  guarded: readonly CandidateHandler[],
  modules: readonly GraphqlOptions[],
): ConfigurationProblem[] {
  const isGuarded =
    modules.length > 0 &&
    modules.every(({ fieldResolverEnhancers }) =>
      fieldResolverEnhancers?.includes('guards'),
    );
  if (isGuarded) return [];
  return guarded
    .filter(({ handler }) => isFieldResolver(handler))
    .map(({ route }) => ({ field: route, message: UNGUARDED_FIELD }));
}

/** Guarded resolvers without a guard of their own, unless a global one does its work. */
export function unboundProblems(
  unbound: readonly CandidateHandler[],
  globalGuards: readonly object[],
): ConfigurationProblem[] {
  const isGlobal = globalGuards.some(({ constructor }) =>
    isPermissionGuard(constructor),
  );
  // The global guard leaves the work to a subclass, which is not asked either.
  const isLeftAlone = ({ owner, handler }: CandidateHandler) =>
    [...guardsOf(owner), ...guardsOf(handler)].some(isPermissionSubclass);
  return unbound
    .filter((handler) => !isGlobal || isLeftAlone(handler))
    .map(({ route }) => ({ field: route, message: UNBOUND }));
}

const UNGUARDED_FIELD =
  "is a field resolver, and GraphQLModule runs no guard before it; set fieldResolverEnhancers: ['guards'] on every GraphQLModule, or lift the requirement with @SkipPermissionCheck";
const UNBOUND =
  'is a resolver that Nest did not make from its class (useFactory or useValue), so no guard that a decorator brings along would run; provide the class itself, or make PermissionGuard global (APP_GUARD)';
