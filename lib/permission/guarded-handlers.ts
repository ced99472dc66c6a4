import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { isCalledByNest } from './is-called-by-nest.js';
import { requirementsOf, type PermissionRequirement } from './requirement.js';

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

  /** Every class Nest made or will make an instance of. */
  owners(): Function[] {
    const wrappers = [
      ...this.discovery.getControllers(),
      ...this.discovery.getProviders(),
    ];
    const classes = wrappers.map(({ metatype }) => metatype as unknown);
    return [...new Set(classes.filter(isClass))];
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
  guarded(): CandidateHandler[] {
    return this.owners()
      .flatMap((owner) => this.methodsOf(owner))
      .filter(
        ({ handler, requirements }) =>
          requirements.length > 0 && isCalledByNest(handler),
      );
  }
}

const isClass = (value: unknown): value is Function =>
  typeof value === 'function' &&
  typeof value.prototype === 'object' &&
  value.prototype !== null;
