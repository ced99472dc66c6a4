import { Inject, Module } from '@nestjs/common';
import {
  DiscoveryModule,
  ExternalContextCreator,
  ModulesContainer,
} from '@nestjs/core';
import { watchExternalHandlers } from '../rule/external-handlers.js';
import { PERMISSION_MODULE } from '../guard/permission.guard.js';
import { AskedGuards } from './asked-guards.js';
import { GuardedHandlers } from './guarded-handlers.js';
import { RequirementBootCheck } from './requirement-boot-check.js';
import { watchInstances } from './watch-instances.js';

/** What an app has once, however many clients it registers. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    { provide: PERMISSION_MODULE, useValue: true },
    AskedGuards,
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
