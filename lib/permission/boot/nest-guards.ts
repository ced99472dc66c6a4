import { Injectable } from '@nestjs/common';
import {
  ExternalContextCreator,
  ModulesContainer,
  type DiscoveryService,
} from '@nestjs/core';
import { surviveProxies } from '../../provider/survive-proxies.js';
import { isPermissionGuard } from '../guard/permission.guard.js';
import { prototypeOf } from '../rule/written-rules.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** Private parts of Nest, the same in 11 and 12 except for `getHostModuleKey`, which came with 12. */
interface NestInternals {
  readonly guardsContextCreator: {
    create(
      instance: object,
      handler: Function,
      moduleKey: string,
      contextId?: undefined,
      inquirerId?: string,
    ): object[];
  };
  getHostModuleKey?(instance: object, owner: unknown): string;
  getContextModuleKey(owner: unknown): string;
}

/** Finds the guards that Nest runs before a handler, by calling the part of Nest that chooses them. */
@Injectable()
export class NestGuards {
  private readonly nest: NestInternals;

  constructor(
    creator: ExternalContextCreator,
    private readonly modules: ModulesContainer,
  ) {
    surviveProxies(this);
    this.nest = creator as unknown as NestInternals;
  }

  /** The guards before a route, a message or an event. Nest includes request-scoped global guards only if it is given an id. */
  ofRoute(
    wrapper: Wrapper,
    handler: Function,
    isHttp: boolean,
  ): readonly object[] {
    const { instance, host, id } = wrapper;
    const hasId = isHttp || !wrapper.isDependencyTreeStatic();
    return this.nest.guardsContextCreator.create(
      instance as object,
      handler,
      host?.token ?? '',
      undefined,
      hasId ? id : undefined,
    );
  }

  /** The guards before a handler that a library, such as GraphQL, runs through Nest. */
  ofExternal({ instance }: Wrapper, handler: Function): readonly object[] {
    const owner = prototypeOf(instance)?.constructor;
    const moduleKey =
      this.nest.getHostModuleKey?.(instance as object, owner) ||
      this.nest.getContextModuleKey(owner);
    return this.nest.guardsContextCreator.create(
      instance as object,
      handler,
      moduleKey,
    );
  }

  /** The instances of our guards, or what a test has overridden them with. */
  permissionGuards(): ReadonlySet<unknown> {
    return new Set(
      [...this.modules.values()]
        .flatMap(({ injectables }) => [...injectables.values()])
        .filter(({ token }) => isPermissionGuard(token))
        .map(({ instance }) => instance as unknown),
    );
  }
}
