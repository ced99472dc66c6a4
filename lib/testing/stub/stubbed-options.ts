import { FETCH } from '../../fetch/fetch.stub.js';
import type { AuthModuleOptions } from '../../options/auth-module-options.js';
import {
  resolveOptions,
  type ResolvedAuthOptions,
} from '../../options/resolve-options.js';
import { Sealed } from '../../provider/sealed.js';
import { TOKEN_CALLS } from '../../token/renewal/token-calls.stub.js';
import type { StubbedClient } from './stub-portone.js';
import { stubbedFetch } from './stubbed-fetch.js';
import { stubbedAdapter } from './stubbed-request.js';
import { StubbedTokenCalls } from './stubbed-token-calls.js';

/** The resolved options of a client whose requests the stub answers. */
export function stubbedOptions(
  name: string,
  stub: StubbedClient,
): Sealed<ResolvedAuthOptions> {
  const options: AuthModuleOptions = {
    apiSecret: 'stubbed-by-a-test',
    // `.invalid` is reserved (RFC 2606), so a request that is sent by mistake reaches no server.
    baseURL: 'https://portone.invalid',
    ...stub.options,
    renewal: { background: false, ...stub.options?.renewal },
    http: {
      ...stub.options?.http,
      adapter: stubbedAdapter(name, stub.respond),
    },
  };
  return new Sealed({
    ...resolveOptions(options, name),
    [TOKEN_CALLS]: new StubbedTokenCalls(stub),
    [FETCH]: stubbedFetch(name, stub.respond),
  });
}
