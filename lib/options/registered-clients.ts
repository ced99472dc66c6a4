import type { ModulesContainer } from '@nestjs/core';
import { AuthConfigurationError } from '../errors/index.js';
import { CLIENT_NAME } from './options.tokens.js';

/** Throws {@link AuthConfigurationError} when two imports registered the same name: their consumers could not tell them apart. */
export function assertUniqueClient(
  modules: ModulesContainer,
  client: string,
): void {
  const holders = [...modules.values()].filter(
    (module) => module.providers.get(CLIENT_NAME)?.instance === client,
  );
  if (holders.length > 1) {
    throw new AuthConfigurationError([
      {
        field: 'name',
        message: `the client '${client}' is registered ${holders.length} times; register it once and re-export AuthModule, or give each a name`,
      },
    ]);
  }
}
