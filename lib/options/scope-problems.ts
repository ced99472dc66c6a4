import type { DiscoveryService } from '@nestjs/core';
import type { ConfigurationProblem } from '../errors/index.js';
import { CLIENT_NAME, GIVEN_OPTIONS } from './options.tokens.js';

type Provider = ReturnType<DiscoveryService['getProviders']>[number];

/** Clients that Nest would make anew for every request, each time with a login of their own. */
export const scopeProblems = (
  providers: readonly Provider[],
): ConfigurationProblem[] =>
  providers
    .filter(
      (provider) =>
        provider.token === GIVEN_OPTIONS && !provider.isDependencyTreeStatic(),
    )
    .map(({ host }) => ({
      field: 'forRootAsync',
      message: `the options of the client '${String(host?.providers.get(CLIENT_NAME)?.instance)}' depend on a request-scoped provider, so it would log in anew for every request; a client must be a singleton: inject nothing request-scoped, and register one client per tenant by name`,
    }));
