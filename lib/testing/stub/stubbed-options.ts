import type { JWK } from 'jose';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
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
    // Routes that verify a signature need a key to boot. Without one of the test's own they deny every webhook and caller.
    webhook: { secret: unknownSecret(), ...stub.options?.webhook },
    permissions: {
      verification: { publicKey: unknownKey() },
      ...stub.options?.permissions,
    },
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

const unknownSecret = (): string =>
  `whsec_${randomBytes(32).toString('base64')}`;

const unknownKey = (): JWK =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    format: 'jwk',
  });
