import { CallerCheck } from './caller.check.js';
import type { ClientPermissions } from '../client-permissions.js';
import type { PermissionCheck } from './permission-check.js';
import type { PermissionRequirement } from '../rule/permission-rule.js';
import { ServiceCheck } from './service.check.js';

/**
 * Makes one check for each client and source in the requirements of a route, so that a caller's token is verified once.
 * Checks of callers come first, so that a caller without a valid token learns nothing about our own token.
 */
export function planChecks(
  requirements: readonly PermissionRequirement[],
  find: (client: string | undefined) => ClientPermissions,
): readonly PermissionCheck[] {
  const ofCallers = new Map<ClientPermissions, PermissionRequirement[]>();
  const ofServices = new Map<ClientPermissions, PermissionRequirement[]>();
  for (const requirement of requirements) {
    const client = find(requirement.client);
    const source = requirement.source ?? client.options.source;
    const group = source === 'caller' ? ofCallers : ofServices;
    group.set(client, [...(group.get(client) ?? []), requirement]);
  }
  return [
    ...[...ofCallers].map(([client, all]) => new CallerCheck(client, all)),
    ...[...ofServices].map(([client, all]) => new ServiceCheck(client, all)),
  ];
}
