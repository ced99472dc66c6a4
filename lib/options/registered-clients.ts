import type { ModulesContainer } from '@nestjs/core';
import { AuthConfigurationError } from '../errors/index.js';
import { CLIENT_NAME } from './options.tokens.js';

/** Throws {@link AuthConfigurationError} when two imports register the same name: an injection could get either of them. */
export function assertUniqueClient(
  modules: ModulesContainer,
  client: string,
): void {
  const registrations = [...modules.values()].filter(
    (module) => module.providers.get(CLIENT_NAME)?.instance === client,
  );
  if (registrations.length > 1) {
    throw new AuthConfigurationError([
      {
        field: 'name',
        message: `the client '${client}' is registered ${registrations.length} times; register it once and re-export AuthModule, or give each a name`,
      },
    ]);
  }
}
