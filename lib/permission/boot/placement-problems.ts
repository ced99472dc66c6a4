import type { ConfigurationProblem } from '../../errors/index.js';
import { namedRule, ruleOn, requirementsIn } from '../rule/permission-rule.js';
import { guardsOf } from '../../provider/nest-metadata.js';
import { isPermissionGuard } from '../guard/permission.guard.js';
import type { MethodInfo } from './guarded-handlers.js';
import { isCalledByNest, isMarkedByOthers } from './handler-kind.js';

/** Decorators of a class in a wrong place: not on a handler, lost when a method was replaced, or a guard alone. */
export function placementProblems(
  owner: Function,
  methods: readonly MethodInfo[],
): ConfigurationProblem[] {
  const problems = methods.flatMap((method) => {
    const message = problemOf(method);
    return message ? [{ field: method.route, message }] : [];
  });
  if (methods.some(mayBeCalled)) return problems;
  if (Array.isArray(ruleOn(owner)))
    problems.push({ field: owner.name, message: CLASS_WITHOUT_HANDLER });
  else if (!ruleOn(owner) && guardsOf(owner).some(isPermissionGuard))
    problems.push({ field: owner.name, message: NOTHING_REQUIRED });
  return problems;
}

function problemOf(method: MethodInfo): string | undefined {
  const { owner, name, prototype, written, call } = method;
  if (ruleOn(written) && !mayBeCalled(method)) return NOT_A_HANDLER;
  const named = requirementsIn(namedRule(prototype, name)).length;
  if (call && hasLost(written, named)) return LOST;
  const targets = mayBeCalled(method)
    ? [owner, written, call?.called ?? written]
    : [written];
  const isGuarded = targets.flatMap(guardsOf).some(isPermissionGuard);
  return isGuarded && !method.rule ? NOTHING_REQUIRED : undefined;
}

/** Whether requirements are lost: a decorator between two of ours wraps the function, and the wrapper has the outer one only. */
const hasLost = (written: object, named: number): boolean =>
  ruleOn(written) !== 'skip' && requirementsIn(ruleOn(written)).length < named;

/** Whether Nest calls the method, or may call it later: a library may give it to Nest after the boot. */
export const mayBeCalled = ({ call, written }: MethodInfo): boolean =>
  call !== undefined || isCalledByNest(written) || isMarkedByOthers(written);

const NOT_A_HANDLER =
  'carries @RequirePermission but is not a route handler, so no guard would ever run';
const CLASS_WITHOUT_HANDLER =
  'carries @RequirePermission but has no route handler, so no guard would ever run';
const LOST =
  'has replaced a method that requires a permission, and requires less itself (it overrides the method, or a decorator wraps it): repeat @RequirePermission on it, as the outermost decorator, or add @SkipPermissionCheck';
const NOTHING_REQUIRED =
  'has PermissionGuard but no requirement, so every call would be allowed: add @RequirePermission, which adds the guard by itself, or @SkipPermissionCheck';
