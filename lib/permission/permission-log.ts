import { Logger } from '@nestjs/common';
import { say as sayWith } from '../token/report/say.js';
import type { PermissionDenied } from '../token/report/token-events.js';
import type { TokenService } from '../token/token.service.js';

const logger = new Logger('PortOneAuth:PermissionGuard');

/** Logs a message about permissions. */
export const say = (level: 'debug' | 'warn', message: string): void =>
  sayWith(logger, level, message);

/** For each client and route: our own token at the time of the last warning; undefined when there was none. */
const warned = new WeakMap<TokenService, Map<string, string | undefined>>();

/** Reports every denial on `events$`. A denial because of our own token is logged once for each route, and again for a new token. */
export function reportDenial(
  denial: Omit<PermissionDenied, 'type'>,
  client: { readonly name: string; readonly tokens: TokenService },
): void {
  const { source, route, code, reason } = denial;
  const message = `${route} denied for client '${client.name}': ${reason} (${code}).`;
  // Any caller can send a bad token, which is no warning. When our own token lacks a permission, an operator must act.
  if (source === 'caller') say('debug', message);
  else if (isFirstWarning(client.tokens, route)) say('warn', message);
  client.tokens.report({ type: 'permission-denied', ...denial });
}

function isFirstWarning(tokens: TokenService, route: string): boolean {
  const token = tokens.peekAccessToken();
  const routes = warned.get(tokens) ?? new Map<string, string | undefined>();
  warned.set(tokens, routes);
  if (routes.has(route) && routes.get(route) === token) return false;
  routes.set(route, token);
  return true;
}
