import type { ConfigurationProblem } from '../../errors/index.js';
import type { CandidateHandler } from './guarded-handlers.js';
import { isCalledByNest } from './is-called-by-nest.js';
import { timesRequired } from '../required-mark.js';
import { ownRule, type PermissionRule } from '../requirement.js';

/** What is wrong with where a class's requirements stand: before no handler, or on a method another has taken the place of. */
export function placementProblems(
  owner: Function,
  methods: readonly CandidateHandler[],
): ConfigurationProblem[] {
  const misplaced = methods.filter(
    ({ handler }) => ownRule(handler) && !isCalledByNest(handler),
  );
  const lost = methods.filter(
    ({ method, handler }) =>
      isCalledByNest(handler) &&
      hasLost(
        ownRule(handler),
        timesRequired(owner.prototype as object, method),
      ),
  );
  const isIdle =
    Array.isArray(ownRule(owner)) &&
    !methods.some(({ handler }) => isCalledByNest(handler));
  return [
    ...misplaced.map(({ route }) => ({ field: route, message: NO_HANDLER })),
    ...lost.map(({ route }) => ({ field: route, message: LOST })),
    ...(isIdle ? [{ field: owner.name, message: NO_HANDLERS }] : []),
  ];
}

/** A wrapper between two decorators keeps the outer requirement and loses the inner one. */
const hasLost = (rule: PermissionRule | undefined, given: number): boolean =>
  rule !== 'skip' && (rule?.length ?? 0) < given;

const NO_HANDLER =
  'carries @RequirePermission but is not a route handler, so no guard would ever run';
const NO_HANDLERS =
  'carries @RequirePermission but has no route handler, so no guard would ever run';
const LOST =
  'has taken the place of a method that requires a permission, and requires less itself (an overriding method, or a decorator that wraps it): repeat @RequirePermission on it, as the outermost decorator, or say @SkipPermissionCheck';
