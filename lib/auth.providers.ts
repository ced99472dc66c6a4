import { randomUUID } from 'node:crypto';
import { HttpService } from '@nestjs/axios';
import type { FactoryProvider, Provider } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { SchedulerLike } from 'rxjs';
import { createPortOneFetch } from './fetch/create-portone-fetch.js';
import { getPortOneFetchToken } from './fetch/portone-fetch.token.js';
import { createHttpService } from './http/create-http-service.js';
import { getHttpServiceToken } from './http/portone-http.service.js';
import type { GivenOptions } from './options/auth-module-definition.js';
import {
  CLIENT_NAME,
  GIVEN_OPTIONS,
  REGISTRATION,
  RESOLVED_OPTIONS,
} from './options/options.tokens.js';
import { assertUniqueClient } from './options/registered-clients.js';
import type { ResolvedAuthOptions } from './options/resolve-options.js';
import { GuardedHandlers } from './permission/boot/guarded-handlers.js';
import { ServiceBootCheck } from './permission/boot/service-boot-check.js';
import {
  type ClientPermissions,
  createClientPermissions,
  getClientPermissionsToken,
} from './permission/client-permissions.js';
import { PermissionGuard } from './permission/guard/permission.guard.js';
import { Sealed, unseal } from './provider/sealed.js';
import { withoutProxy } from './provider/survive-proxies.js';
import { MemoryTokenStore } from './store/memory-token.store.js';
import type { Clock } from './time/clock.js';
import { CLOCK, RANDOM, SCHEDULER } from './time/time.tokens.js';
import { createTokenService } from './token/create-token-service.js';
import { AppClients } from './token/app-clients.js';
import { tokenServiceOf } from './token/token-service.stub.js';
import { getTokenServiceToken } from './token/token-service.token.js';
import type { TokenService } from './token/token.service.js';
import { getWebhookSecretToken } from './webhook/webhook-secret.token.js';

type SealedOptions = Sealed<ResolvedAuthOptions>;

/** All providers of one client. */
export const clientProviders = (name: string): Provider[] => [
  { provide: CLIENT_NAME, useValue: name },
  { provide: REGISTRATION, useValue: randomUUID() },
  resolvedOptions(name),
  tokenService(name),
  httpService(name),
  portOneFetch(name),
  clientPermissions(name),
  serviceBootCheck(name),
  webhookSecret(name),
];

/** Further providers of the default client: the classes that an app injects without naming a client. */
export const defaultClientProviders = (): Provider[] => [
  PermissionGuard,
  { provide: HttpService, useExisting: getHttpServiceToken() },
];

const resolvedOptions = (name: string): FactoryProvider => ({
  provide: RESOLVED_OPTIONS,
  inject: [GIVEN_OPTIONS, ModulesContainer],
  useFactory: async (
    given: Sealed<GivenOptions>,
    modules: ModulesContainer,
  ) => {
    assertUniqueClient(modules, name);
    const { resolveOptions } = await import('./options/resolve-options.js');
    const { options, mayHaveExtras } = unseal(given);
    return new Sealed(resolveOptions(options, name, mayHaveExtras));
  },
});

const tokenService = (name: string): FactoryProvider => ({
  provide: getTokenServiceToken(name),
  inject: [RESOLVED_OPTIONS, AppClients, CLOCK, SCHEDULER, RANDOM],
  useFactory: (
    sealed: SealedOptions,
    appClients: AppClients,
    clock: Clock,
    scheduler: SchedulerLike,
    random: () => number,
  ) => {
    const options = unseal(sealed);
    const store = new MemoryTokenStore(clock);
    return createTokenService(
      { store, ...options, appClients, clock, scheduler, random },
      { baseURL: options.baseURL, network: options.http },
    );
  },
});

const httpService = (name: string): FactoryProvider => ({
  provide: getHttpServiceToken(name),
  inject: [RESOLVED_OPTIONS, getTokenServiceToken(name), CLOCK, SCHEDULER],
  useFactory: (
    options: SealedOptions,
    tokens: TokenService,
    clock: Clock,
    scheduler: SchedulerLike,
  ) =>
    createHttpService(
      unseal(options),
      tokenServiceOf(tokens),
      clock,
      scheduler,
    ),
});

const portOneFetch = (name: string): FactoryProvider => ({
  provide: getPortOneFetchToken(name),
  inject: [RESOLVED_OPTIONS, getTokenServiceToken(name), SCHEDULER],
  useFactory: (
    options: SealedOptions,
    tokens: TokenService,
    scheduler: SchedulerLike,
  ) => createPortOneFetch(unseal(options), tokenServiceOf(tokens), scheduler),
});

const clientPermissions = (name: string): FactoryProvider => ({
  provide: getClientPermissionsToken(name),
  inject: [RESOLVED_OPTIONS, getTokenServiceToken(name), CLOCK, SCHEDULER],
  useFactory: async (
    options: SealedOptions,
    tokens: TokenService,
    clock: Clock,
    scheduler: SchedulerLike,
  ) =>
    new Sealed(
      await createClientPermissions(
        unseal(options),
        tokenServiceOf(tokens),
        clock,
        scheduler,
      ),
    ),
});

const serviceBootCheck = (name: string): FactoryProvider => ({
  provide: ServiceBootCheck,
  inject: [GuardedHandlers, getClientPermissionsToken(name), SCHEDULER],
  useFactory: (
    handlers: GuardedHandlers,
    permissions: Sealed<ClientPermissions>,
    scheduler: SchedulerLike,
  ) =>
    new ServiceBootCheck(
      withoutProxy(handlers),
      unseal(permissions),
      scheduler,
    ),
});

const webhookSecret = (name: string): FactoryProvider => ({
  provide: getWebhookSecretToken(name),
  inject: [RESOLVED_OPTIONS],
  useFactory: (options: SealedOptions) =>
    new Sealed(unseal(options).webhook.secret),
});
