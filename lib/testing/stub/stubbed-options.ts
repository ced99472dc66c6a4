import type { AuthModuleOptions } from '../../options/auth-module-options.js';
import { resolveOptions } from '../../options/resolve-options.js';
import { TOKEN_CALLS } from '../../token/renewal/token-calls.stub.js';
import type { StubbedClient } from './stub-portone.js';
import { stubbedAdapter } from './stubbed-request.js';
import { StubbedTokenCalls } from './stubbed-token-calls.js';

/** The resolved options of a client that asks a test instead of PortOne. */
export function stubbedOptions(name: string, stub: StubbedClient): object {
  const options: AuthModuleOptions = {
    apiSecret: 'stubbed-by-a-test',
    // Reserved by RFC 2606: what finds a way past the stub reaches nothing.
    baseURL: 'https://portone.invalid',
    ...stub.options,
    renewal: { background: false, ...stub.options?.renewal },
    http: {
      ...stub.options?.http,
      adapter: stubbedAdapter(name, stub.respond),
    },
  };
  return Object.freeze({
    ...resolveOptions(options, name),
    [TOKEN_CALLS]: new StubbedTokenCalls(stub),
  });
}
