import type { PermissionExpression } from '../../portone/permission-expression.js';
import type { PermissionSource } from '../resolved-permissions.js';

/** What one decorator requires. */
export interface PermissionRequirement {
  /** The name of the client; undefined for the default client. */
  readonly client: string | undefined;
  /** Which token is checked; undefined: as the client's options say. */
  readonly source: PermissionSource | undefined;
  /** All of these are needed. */
  readonly expressions: readonly PermissionExpression[];
}

/** What is written on a class or a handler: its requirements, or that the check is skipped. */
export type PermissionRule = readonly PermissionRequirement[] | 'skip';

/** A string, so that a second copy of this package finds the same metadata and enforces it. */
const PERMISSION_RULE = 'nestjs-portone-auth:permission-rule';

/** Adds to the rule that is kept on a class or on the function of a method. */
export function writeRule(
  combine: (rule: PermissionRule | undefined) => PermissionRule,
  target: object,
): void {
  Reflect.defineMetadata(PERMISSION_RULE, combine(ruleOn(target)), target);
}

/** Adds to the rule that is kept on the class under a method's name. It stays when another decorator replaces the function. */
export function writeNamedRule(
  combine: (rule: PermissionRule | undefined) => PermissionRule,
  prototype: object,
  method: string | symbol,
): void {
  const rule = combine(namedRuleOn(prototype, method));
  Reflect.defineMetadata(PERMISSION_RULE, rule, prototype, method);
}

/** The rule that is kept on exactly this class or function, without its base classes. */
export const ruleOn = (target: object): PermissionRule | undefined =>
  Reflect.getOwnMetadata(PERMISSION_RULE, target) as PermissionRule | undefined;

const namedRuleOn = (
  prototype: object,
  method: string | symbol,
): PermissionRule | undefined =>
  Reflect.getOwnMetadata(PERMISSION_RULE, prototype, method) as
    PermissionRule | undefined;

/** The rule of a method: what is kept on its function joined with what is kept under its name. */
export const handlerRule = (
  prototype: object,
  method: string,
  written: object,
): PermissionRule | undefined =>
  joinRules(ruleOn(written), namedRule(prototype, method));

/**
 * The rule that is kept under the name of a method, on the class or on the nearest base class with such a rule. A derived
 * class that overrides the method inherits the requirements of a base class, but not its skip.
 */
export function namedRule(
  prototype: object,
  method: string,
): PermissionRule | undefined {
  let isOverridden = false;
  for (const level of lineage(prototype)) {
    const rule = namedRuleOn(level, method);
    if (Array.isArray(rule) || (rule === 'skip' && !isOverridden)) return rule;
    isOverridden ||= Object.hasOwn(level, method);
  }
  return undefined;
}

/** Joins rules of one method. As soon as one of them requires something, a skip has no effect. */
export function joinRules(
  ...rules: readonly (PermissionRule | undefined)[]
): PermissionRule | undefined {
  const required = rules.flatMap((rule) => (Array.isArray(rule) ? rule : []));
  if (required.length > 0) return [...new Set(required)];
  return rules.find((rule) => rule === 'skip');
}

/**
 * Everything that a route requires: the rules of its handler, its class and the base classes together. A skip removes the
 * rules of its own level and of all levels after it in this order. Undefined: nothing is written. `skip`: nothing is left.
 */
export function routeRule(
  controller: object,
  handlerRule: PermissionRule | undefined,
): PermissionRule | undefined {
  const rules = [handlerRule, ...[...lineage(controller)].map(ruleOn)];
  const skip = rules.indexOf('skip');
  const counted = skip < 0 ? rules : rules.slice(0, skip);
  const required = counted.flatMap(requirementsIn);
  if (required.length > 0) return required;
  return skip < 0 ? undefined : 'skip';
}

/** The requirements of a rule. */
export const requirementsIn = (
  rule: PermissionRule | undefined,
): readonly PermissionRequirement[] => (Array.isArray(rule) ? rule : []);

/** A class and its base classes, or a prototype and its prototype chain; the nearest first. */
function* lineage(start: object): Generator<object> {
  for (
    let level: object | null = start;
    level && level !== Function.prototype && level !== Object.prototype;
    level = Object.getPrototypeOf(level) as object | null
  ) {
    yield level;
  }
}
