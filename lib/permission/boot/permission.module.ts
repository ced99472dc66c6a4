import { Inject, Module } from '@nestjs/common';
import {
  DiscoveryModule,
  ExternalContextCreator,
  ModulesContainer,
} from '@nestjs/core';
import { watchExternalHandlers } from '../rule/external-handlers.js';
import { PERMISSION_MODULE } from '../guard/permission.guard.js';
import { NestGuards } from './nest-guards.js';
import { GuardedHandlers } from './guarded-handlers.js';
import { RequirementBootCheck } from './requirement-boot-check.js';
import { watchInstances } from './watch-instances.js';

/** The providers that an app has once, for any number of clients. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    { provide: PERMISSION_MODULE, useValue: true },
    NestGuards,
    GuardedHandlers,
    RequirementBootCheck,
  ],
  exports: [GuardedHandlers],
})
export class PermissionModule {
  constructor(
    @Inject(ExternalContextCreator) creator: ExternalContextCreator,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    watchExternalHandlers(creator);
    watchInstances(modules);
  }
}
