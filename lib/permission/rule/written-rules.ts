import {
  MetadataScanner,
  ModulesContainer,
  type ModuleRef,
} from '@nestjs/core';
import { areClaimsWanted } from '../portone-claims.decorator.js';
import { isKnownAs, standInOf, type Method } from './handler-names.js';
import {
  handlerRule,
  joinRules,
  requirementsIn,
  ruleOn,
  routeRule,
  type PermissionRule,
} from './permission-rule.js';
import { isFunctionCopy } from '../../provider/nest-metadata.js';

/** The rule of one handler. */
export interface HandlerRule {
  readonly rule: PermissionRule | undefined;
  readonly areClaimsWanted: boolean;
}

/**
 * Finds the rule of a call from the class and the function in Nest's ExecutionContext. The function may differ from the
 * decorated method: Nest calls what the instance holds under the method's name, perhaps bound, wrapped or replaced.
 */
export class WrittenRules {
  constructor(private readonly moduleRef: ModuleRef) {}

  /** Undefined: the function belongs to no method of the class, so it is unknown what the call requires. */
  find(controller: unknown, handler: unknown): HandlerRule | undefined {
    if (typeof controller !== 'function' || typeof handler !== 'function') {
      return undefined;
    }
    const standIn = standInOf(handler);
    if (standIn) return ruleOf(controller, standIn.held, [standIn.method]);
    const instances = this.instancesOf(controller);
    const methods = methodsOfAll([
      controller.prototype as unknown,
      ...instances.map(prototypeOf),
    ]);
    const called = methodsCalled(handler, methods, instances);
    if (called.length > 0) return ruleOf(controller, handler, called);
    // No method of the class requires anything, so the rule of the class is enough, whichever method the function stands for.
    const isClassRuleEnough =
      instances.length > 0 &&
      methods.every(
        ({ prototype, name, written }) =>
          requirementsIn(handlerRule(prototype, name, written)).length === 0,
      );
    return isClassRuleEnough
      ? { rule: routeRule(controller, undefined), areClaimsWanted: false }
      : undefined;
  }

  /** The instances of a class that Nest holds. For a request-scoped class, that is an empty object with its prototype. */
  private instancesOf(controller: Function): object[] {
    const modules: unknown = this.moduleRef.get(ModulesContainer, {
      strict: false,
    });
    // A guard that a unit test makes with `new` may have no container.
    if (!(modules instanceof Map)) return [];
    return [...(modules as ModulesContainer).values()]
      .flatMap(({ controllers, providers }) => [
        ...controllers.values(),
        ...providers.values(),
      ])
      .filter(
        ({ metatype, instance }) =>
          metatype === controller ||
          prototypeOf(instance)?.constructor === controller,
      )
      .map(({ instance }) => instance as unknown)
      .filter(isObject);
  }
}

/** The methods that a function may stand for. */
function methodsCalled(
  handler: Function,
  methods: readonly Method[],
  instances: readonly object[],
): Method[] {
  const exact = methods.filter(
    ({ name, written }) =>
      written === handler ||
      isKnownAs(handler, name) ||
      instances.some((instance) => readMethod(instance, name) === handler),
  );
  return exact.length > 0
    ? exact
    : methods.filter(({ written }) => isFunctionCopy(handler, written));
}

function ruleOf(
  controller: Function,
  handler: Function,
  called: readonly Method[],
): HandlerRule {
  const rules = called.map(({ prototype, name, written }) =>
    handlerRule(prototype, name, written),
  );
  const isSkipped = rules.every((rule) => rule === 'skip');
  const required = requirementsIn(joinRules(...rules, ruleOn(handler)));
  return {
    rule: routeRule(
      controller,
      isSkipped && required.length === 0 ? 'skip' : required,
    ),
    areClaimsWanted: called.some(({ prototype, name }) =>
      areClaimsWanted(prototype, name),
    ),
  };
}

const methodsOfAll = (prototypes: readonly unknown[]): Method[] =>
  [...new Set(prototypes.filter(isObject))].flatMap(methodsOf);

/** The methods that Nest finds on a prototype, inherited ones included. */
export const methodsOf = (prototype: object): Method[] =>
  new MetadataScanner().getAllMethodNames(prototype).map((name) => ({
    prototype,
    name,
    written: (prototype as Record<string, Function>)[name]!,
  }));

/** A property of an instance; undefined when reading it throws, as a proxy that works only during a request does. */
export function readMethod(instance: object, name: string): unknown {
  try {
    return (instance as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

/** The prototype of an object; undefined for anything else. */
export const prototypeOf = (value: unknown): object | undefined =>
  isObject(value)
    ? ((Object.getPrototypeOf(value) as object | null) ?? undefined)
    : undefined;

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null;
