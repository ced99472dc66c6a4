import type { PermissionExpression } from '../portone/permission-expression.js';
import type { PermissionSource } from './resolved-permissions.js';

/** What one decorator asks for. */
export interface PermissionRequirement {
  /** The name of the client; undefined for the default client. */
  readonly client: string | undefined;
  /** Whose permissions are asked for; undefined for what the client's options say. */
  readonly source: PermissionSource | undefined;
  /** All of these are needed. */
  readonly expressions: readonly PermissionExpression[];
}

/** On a class or a handler: what it requires, or that the check is skipped. */
export type PermissionRule = readonly PermissionRequirement[] | 'skip';

/** A stable string: a second copy of this package reads, and so enforces, the same metadata. */
export const PERMISSION_RULE = 'nestjs-portone-auth:permission-rule';

/** The rule written on exactly this class or handler. */
export const ownRule = (target: object): PermissionRule | undefined =>
  Reflect.getOwnMetadata(PERMISSION_RULE, target) as PermissionRule | undefined;

/**
 * Everything a route requires: its class's rules and its handler's, ANDed, a base class's included. A skip counts on its
 * level and on all levels farther away, so the nearest word wins.
 */
export function requirementsOf(
  controller: object,
  handler: object,
): readonly PermissionRequirement[] {
  const required: PermissionRequirement[] = [];
  for (const target of [handler, ...lineage(controller)]) {
    const rule = ownRule(target);
    if (rule === 'skip') break;
    required.push(...(rule ?? []));
  }
  return required;
}

/** A class and the classes it extends, nearest first. */
function* lineage(controller: object): Generator<object> {
  for (
    let current: object | null = controller;
    current && current !== Function.prototype;
    current = Object.getPrototypeOf(current) as object | null
  ) {
    yield current;
  }
}
