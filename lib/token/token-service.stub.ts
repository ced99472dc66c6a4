import { NEVER } from 'rxjs';
import { missingPermissions } from '../portone/permission-expression.js';
import { itself } from '../provider/survive-proxies.js';
import type { CallTokens } from './call-tokens.js';
import { TokenService } from './token.service.js';

const nothing = () => undefined;

const leftOut = (name: string) => async () => {
  throw new Error(`The stub of TokenService has no ${name}().`);
};

/** A 401 stays the answer: a stub renews nothing. */
const calls: Partial<CallTokens> = {
  attached: nothing,
  accepted: nothing,
  replacementFor: nothing,
  newerFromStore: async () => undefined,
  notReplayed: nothing,
};

/** What the module asks of TokenService, for a stub that leaves it out: no token, no permission, no events. */
const LEFT_OUT: Partial<TokenService> = {
  events$: NEVER,
  calls: calls as CallTokens,
  getAccessToken: leftOut('getAccessToken'),
  getClaims: leftOut('getClaims'),
  peekAccessToken: nothing,
  hasPermission: () => false,
  missingPermissions: (expression) => missingPermissions([], expression),
  booted: async () => 0,
  neededAtBoot: nothing,
  warnOnce: nothing,
  report: nothing,
};

/** A client's service, without a Proxy that an observer has put before it. The stub of an app's test is completed. */
export function tokenServiceOf(provider: TokenService): TokenService {
  const tokens = itself(provider);
  if (tokens instanceof TokenService) return tokens;
  const stub = tokens as unknown as Record<PropertyKey, unknown>;
  return new Proxy(LEFT_OUT as TokenService, {
    get(missing, name) {
      const given = stub[name] ?? Reflect.get(missing, name);
      return typeof given === 'function' ? given.bind(stub) : given;
    },
  });
}
