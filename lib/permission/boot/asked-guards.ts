import { Injectable } from '@nestjs/common';
import {
  ExternalContextCreator,
  ModulesContainer,
  type DiscoveryService,
} from '@nestjs/core';
import { surviveProxies } from '../../provider/survive-proxies.js';
import { isPermissionGuard } from '../permission.guard.js';
import { prototypeOf } from '../written-rules.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** What Nest keeps to itself, in its versions 11 and 12 alike. `getHostModuleKey` came with 12. */
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

/** Which guards Nest asks before a handler: asked of the very part of Nest that decides it. */
@Injectable()
export class AskedGuards {
  private readonly nest: NestInternals;

  constructor(
    creator: ExternalContextCreator,
    private readonly modules: ModulesContainer,
  ) {
    surviveProxies(this);
    this.nest = creator as unknown as NestInternals;
  }

  /** Before a route, a message or an event. Nest asks a global guard of request scope only where it says for whom. */
  ofRouted(
    wrapper: Wrapper,
    handler: Function,
    isHttp: boolean,
  ): readonly object[] {
    const { instance, host, id } = wrapper;
    const isKnown = isHttp || !wrapper.isDependencyTreeStatic();
    return this.nest.guardsContextCreator.create(
      instance as object,
      handler,
      host?.token ?? '',
      undefined,
      isKnown ? id : undefined,
    );
  }

  /** Before what a library has Nest run, GraphQL among them. */
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

  /** What stands in for guards of ours: their instances, and what a test has overridden them with. */
  standIns(): ReadonlySet<unknown> {
    return new Set(
      [...this.modules.values()]
        .flatMap(({ injectables }) => [...injectables.values()])
        .filter(({ token }) => isPermissionGuard(token))
        .map(({ instance }) => instance as unknown),
    );
  }
}
