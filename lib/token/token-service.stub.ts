import { NEVER } from 'rxjs';
import { missingPermissions } from '../portone/permission-expression.js';
import { withoutProxy } from '../provider/survive-proxies.js';
import type { CallTokens } from './call-tokens.js';
import { TokenService } from './token.service.js';

const nothing = () => undefined;

const notStubbed = (name: string) => async () => {
  throw new Error(`The stub of TokenService has no ${name}().`);
};

/** A stub renews nothing, so a 401 stays the answer. */
const calls: Partial<CallTokens> = {
  attached: nothing,
  accepted: nothing,
  replacementFor: nothing,
  newerFromStore: async () => undefined,
  notReplayed: nothing,
};

/** The members that a stub may leave out. With them there is no token, no permission and no event. */
const DEFAULTS: Partial<TokenService> = {
  events$: NEVER,
  calls: calls as CallTokens,
  getAccessToken: notStubbed('getAccessToken'),
  getClaims: notStubbed('getClaims'),
  peekAccessToken: nothing,
  hasPermission: () => false,
  missingPermissions: (expression) => missingPermissions([], expression),
  booted: async () => 0,
  neededAtBoot: nothing,
  warnOnce: nothing,
  report: nothing,
};

/** A client's service, without the Proxy around it. A stub of an app's test gets the members that it leaves out. */
export function tokenServiceOf(provider: TokenService): TokenService {
  const tokens = withoutProxy(provider);
  if (tokens instanceof TokenService) return tokens;
  const stub = tokens as unknown as Record<PropertyKey, unknown>;
  return new Proxy(DEFAULTS as TokenService, {
    get(missing, name) {
      const given = stub[name] ?? Reflect.get(missing, name);
      return typeof given === 'function' ? given.bind(stub) : given;
    },
  });
}
