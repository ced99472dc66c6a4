import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { isCalledByNest, isResolver } from './is-called-by-nest.js';
import { isPermissionGuard } from '../permission.guard.js';
import { requirementsOf, type PermissionRequirement } from '../requirement.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** A method of a controller or provider. */
export interface CandidateHandler {
  readonly owner: Function;
  /** `Controller.handler`. */
  readonly route: string;
  readonly method: string;
  readonly handler: Function;
  readonly requirements: readonly PermissionRequirement[];
}

/** Lists the methods of an application's controllers and providers, and those of them that are guarded. */
@Injectable()
export class GuardedHandlers {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** Every class Nest made, was given, or will make an instance of. */
  owners(): Function[] {
    return classesOf(this.wrappers());
  }

  /** The methods of a class, inherited ones included. */
  methodsOf(owner: Function): CandidateHandler[] {
    const prototype = owner.prototype as Record<string, unknown>;
    return this.scanner.getAllMethodNames(prototype).flatMap((method) => {
      const handler = prototype[method];
      if (typeof handler !== 'function') return [];
      const route = `${owner.name}.${method}`;
      const requirements = requirementsOf(owner, handler);
      return [{ owner, route, method, handler, requirements }];
    });
  }

  /** The routes, resolvers and message handlers that require something. */
  guarded(owners = this.owners()): CandidateHandler[] {
    return owners
      .flatMap((owner) => this.methodsOf(owner))
      .filter(
        ({ handler, requirements }) =>
          requirements.length > 0 && isCalledByNest(handler),
      );
  }

  /** Guarded resolvers to whose provider Nest bound no guard of ours, as to one from `useFactory` or `useValue`. */
  unbound(): CandidateHandler[] {
    const wrappers = this.wrappers();
    const bound = new Set<unknown>(
      wrappers.filter(isBound).map(({ instance }) => instance as unknown),
    );
    // An alias is a factory too: it gives what Nest made elsewhere.
    const unbound = wrappers.filter(
      (wrapper) => !isBound(wrapper) && !bound.has(wrapper.instance),
    );
    return this.guarded(classesOf(unbound)).filter(({ handler }) =>
      isResolver(handler),
    );
  }

  private wrappers(): Wrapper[] {
    return [
      ...this.discovery.getControllers(),
      ...this.discovery.getProviders(),
    ];
  }
}

const classesOf = (wrappers: readonly Wrapper[]): Function[] => [
  ...new Set(wrappers.map(classOf).filter(isClass)),
];

/** By token: a test may have overridden the guard itself. */
const isBound = (wrapper: Wrapper): boolean =>
  (wrapper.getEnhancersMetadata() ?? []).some(
    ({ token }) => typeof token === 'function' && isPermissionGuard(token),
  );

/** GraphQL goes by the instance: a resolver may come from `useFactory` or `useValue`. */
const classOf = ({ isNotMetatype, metatype, instance }: Wrapper): unknown =>
  isNotMetatype ? constructorOf(instance) : metatype;

/** Asks the prototype, as GraphQL does: a proxy may answer for properties of its own only during a request. */
function constructorOf(instance: unknown): unknown {
  if (typeof instance !== 'object' || instance === null) return undefined;
  const prototype = Object.getPrototypeOf(instance) as object | null;
  return prototype?.constructor;
}

const isClass = (value: unknown): value is Function =>
  typeof value === 'function' &&
  typeof value.prototype === 'object' &&
  value.prototype !== null;
