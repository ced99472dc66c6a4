import type { AuthModuleOptions } from '../../options/auth-module-options.js';
import {
  CLIENT_NAME,
  GIVEN_OPTIONS,
  RESOLVED_OPTIONS,
} from '../../options/options.tokens.js';
import type { StubbedRequest } from './stubbed-request.js';

export type { StubbedRequest };

/** How the stub acts for one client. */
export interface StubbedClient {
  /**
   * Answers each request that is sent through `HttpService` or fetch. Returns `{ status, body }`, or the body of a 200. In
   * `HttpService`, a status of 400 or more rejects with an AxiosError, as usual. Default: 501 to every request.
   */
  readonly respond?: (request: StubbedRequest) => unknown;
  /** The permissions in our own token. Default: all permissions of PortOne's sample token. With `[]`, every guarded route denies. */
  readonly permissions?: readonly string[];
  /** Claims to add to our own token or to replace in it. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** `true`: there is no token. Callers get TokenUnavailableError, and guarded routes answer 503. */
  readonly unavailable?: boolean;
  /** Options of `AuthModule` that the test needs, such as `permissions`. The app's own options are not read. */
  readonly options?: Partial<AuthModuleOptions>;
}

/** How the stub acts: for every client, and for single clients that differ. */
export interface StubbedPortOne extends StubbedClient {
  /** What differs for a client, by the name of the client. */
  readonly clients?: Readonly<Record<string, StubbedClient>>;
}

/** The part of `TestingModuleBuilder` (@nestjs/testing) that `stubPortOne` uses. */
export interface StubbedModule {
  /** Replaces a provider. */
  overrideProvider(token: symbol): {
    /** Gives the new provider. */
    useFactory(options: {
      factory: (...args: string[]) => unknown;
      inject?: symbol[];
    }): unknown;
  };
}

/**
 * Replaces PortOne in a testing module, for tests of an app's own code. The module needs no secret, makes no login and sends
 * nothing. `TokenService`, `HttpService`, fetch and the guards are the real ones, also those of named clients; they use a token
 * that is made for the test. When `respond` returns a 401, the token is renewed and the call is sent a second time, as usual.
 *
 * @example
 * const builder = Test.createTestingModule({ imports: [AppModule] });
 * const module = await stubPortOne(builder, {
 *   respond: ({ path }) => (path === '/payments/order-1' ? { status: 'PAID' } : { status: 404, body: {} }),
 * }).compile();
 */
export function stubPortOne<Builder extends StubbedModule>(
  builder: Builder,
  stub: StubbedPortOne = {},
): Builder {
  const { clients = {}, ...everywhere } = stub;
  // So the app's own factory does not run. It would read a secret, which a test does not have.
  builder.overrideProvider(GIVEN_OPTIONS).useFactory({ factory: () => ({}) });
  builder.overrideProvider(RESOLVED_OPTIONS).useFactory({
    inject: [CLIENT_NAME],
    factory: async (name = '') => {
      const { stubbedOptions } = await import('./stubbed-options.js');
      return stubbedOptions(name, { ...everywhere, ...clients[name] });
    },
  });
  return builder;
}
