import { Logger } from '@nestjs/common';
import { say as sayWith } from '../token/report/say.js';
import type { TokenService } from '../token/token.service.js';
import type { PermissionCheck } from './check/permission-check.js';
import type { PermissionDeniedException } from './denial/permission-denied.exception.js';

const logger = new Logger('PortOneAuth:PermissionGuard');

/** Logs about permissions. */
export const say = (level: 'debug' | 'warn', message: string): void =>
  sayWith(logger, level, message);

/** By client and route, our own token that the last warning was about; undefined when there was no token. */
const warned = new WeakMap<TokenService, Map<string, string | undefined>>();

/** Reports every denial on `events$`. The log gets one warning for each route and each of our own tokens. */
export function reportDenial(
  { code, reason }: PermissionDeniedException,
  { client, source }: PermissionCheck,
  route: string,
): void {
  const { tokens } = client;
  const message = `${route} denied for client '${client.client}': ${reason} (${code}).`;
  // Any caller can cause a denial, so it is no warning. But only the operator can give our own token a missing permission.
  if (source === 'caller') say('debug', message);
  else if (isNews(tokens, route)) say('warn', message);
  // `report` is internal, so a stub of TokenService does not have it.
  tokens.report?.({ type: 'permission-denied', source, route, code, reason });
}

function isNews(tokens: TokenService, route: string): boolean {
  const token = tokens.peekAccessToken?.();
  const routes = warned.get(tokens) ?? new Map<string, string | undefined>();
  warned.set(tokens, routes);
  if (routes.has(route) && routes.get(route) === token) return false;
  routes.set(route, token);
  return true;
}
