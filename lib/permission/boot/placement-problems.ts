import type { ConfigurationProblem } from '../../errors/index.js';
import { namedRule, ownRule, requirementsIn } from '../rule/permission-rule.js';
import { guardsOf } from '../../provider/nest-metadata.js';
import { isPermissionGuard } from '../guard/permission.guard.js';
import type { Method } from './guarded-handlers.js';
import { isCalledByNest, isMarkedByOthers } from './handler-kind.js';

/** Decorators of a class in the wrong place: not on a handler, on a method that was replaced, or a guard without a requirement. */
export function placementProblems(
  owner: Function,
  methods: readonly Method[],
): ConfigurationProblem[] {
  const problems = methods.flatMap((method) => {
    const message = problemOf(method);
    return message ? [{ field: method.route, message }] : [];
  });
  if (methods.some(isPerhapsCalled)) return problems;
  if (Array.isArray(ownRule(owner)))
    problems.push({ field: owner.name, message: NO_HANDLERS });
  else if (!ownRule(owner) && guardsOf(owner).some(isPermissionGuard))
    problems.push({ field: owner.name, message: NOTHING_REQUIRED });
  return problems;
}

function problemOf(method: Method): string | undefined {
  const { owner, name, prototype, written, call } = method;
  if (ownRule(written) && !isPerhapsCalled(method)) return NO_HANDLER;
  const named = requirementsIn(namedRule(prototype, name)).length;
  if (call && hasLost(written, named)) return LOST;
  const targets = isPerhapsCalled(method)
    ? [owner, written, call?.called ?? written]
    : [written];
  const isGuarded = targets.flatMap(guardsOf).some(isPermissionGuard);
  return isGuarded && !method.rule ? NOTHING_REQUIRED : undefined;
}

/** A wrapper between two decorators keeps the outer requirement and loses the inner one. */
const hasLost = (written: object, given: number): boolean =>
  ownRule(written) !== 'skip' &&
  requirementsIn(ownRule(written)).length < given;

/** A library may have Nest run what it has marked later than at boot. */
export const isPerhapsCalled = ({ call, written }: Method): boolean =>
  call !== undefined || isCalledByNest(written) || isMarkedByOthers(written);

const NO_HANDLER =
  'carries @RequirePermission but is not a route handler, so no guard would ever run';
const NO_HANDLERS =
  'carries @RequirePermission but has no route handler, so no guard would ever run';
const LOST =
  'has taken the place of a method that requires a permission, and requires less itself (an overriding method, or a decorator that wraps it): repeat @RequirePermission on it, as the outermost decorator, or say @SkipPermissionCheck';
const NOTHING_REQUIRED =
  'stands behind PermissionGuard but requires nothing, so everybody would be let in: say what it requires with @RequirePermission, which brings the guard along, or say @SkipPermissionCheck';
