import type { PermissionExpression } from '../../portone/permission-expression.js';
import type { PermissionSource } from '../resolved-permissions.js';

/** What one decorator requires. */
export interface PermissionRequirement {
  /** The name of the client; undefined for the default client. */
  readonly client: string | undefined;
  /** Whose permissions are required; undefined: as the client's options say. */
  readonly source: PermissionSource | undefined;
  /** All of these are needed. */
  readonly expressions: readonly PermissionExpression[];
}

/** On a class or a handler: what it requires, or that the check is skipped. */
export type PermissionRule = readonly PermissionRequirement[] | 'skip';

/** A stable string: a second copy of this package reads, and so enforces, the same metadata. */
const PERMISSION_RULE = 'nestjs-portone-auth:permission-rule';

/** Adds to the rule of a class, or of a method's function. */
export function writeRule(
  combine: (rule: PermissionRule | undefined) => PermissionRule,
  target: object,
): void {
  Reflect.defineMetadata(PERMISSION_RULE, combine(ownRule(target)), target);
}

/** Adds to the rule that the class keeps under the method's name: another function in the method's place cannot lose it. */
export function writeNamedRule(
  combine: (rule: PermissionRule | undefined) => PermissionRule,
  prototype: object,
  method: string | symbol,
): void {
  const rule = combine(ownNamedRule(prototype, method));
  Reflect.defineMetadata(PERMISSION_RULE, rule, prototype, method);
}

/** The rule written on exactly this class or function. */
export const ownRule = (target: object): PermissionRule | undefined =>
  Reflect.getOwnMetadata(PERMISSION_RULE, target) as PermissionRule | undefined;

const ownNamedRule = (
  prototype: object,
  method: string | symbol,
): PermissionRule | undefined =>
  Reflect.getOwnMetadata(PERMISSION_RULE, prototype, method) as
    PermissionRule | undefined;

/** The rule of a method: on its function, and under its name on the class, or else on the nearest base class with a rule. */
export const handlerRule = (
  prototype: object,
  method: string,
  written: object,
): PermissionRule | undefined =>
  joinRules(ownRule(written), namedRule(prototype, method));

/**
 * What classes keep under a method's name, the nearest first. A skip counts for the class whose method it stands on: a
 * derived class that overrides the method inherits what is required farther away, but not the skip.
 */
export function namedRule(
  prototype: object,
  method: string,
): PermissionRule | undefined {
  let isOverridden = false;
  for (const level of lineage(prototype)) {
    const rule = ownNamedRule(level, method);
    if (Array.isArray(rule) || (rule === 'skip' && !isOverridden)) return rule;
    isOverridden ||= Object.hasOwn(level, method);
  }
  return undefined;
}

/** Both rules together: a requirement outweighs a skip. */
export function joinRules(
  ...rules: readonly (PermissionRule | undefined)[]
): PermissionRule | undefined {
  const required = rules.flatMap((rule) => (Array.isArray(rule) ? rule : []));
  if (required.length > 0) return [...new Set(required)];
  return rules.find((rule) => rule === 'skip');
}

/**
 * Everything a route requires: its handler's rule and its class's, ANDed, a base class's included. A skip counts on its
 * level and on all levels farther away, so the nearest word wins. Undefined: nothing is written; `skip`: the check is lifted.
 */
export function routeRule(
  controller: object,
  handlerRule: PermissionRule | undefined,
): PermissionRule | undefined {
  const rules = [handlerRule, ...[...lineage(controller)].map(ownRule)];
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

/** A class and the classes it extends, or a prototype and its prototypes; nearest first. */
function* lineage(start: object): Generator<object> {
  for (
    let level: object | null = start;
    level && level !== Function.prototype && level !== Object.prototype;
    level = Object.getPrototypeOf(level) as object | null
  ) {
    yield level;
  }
}
