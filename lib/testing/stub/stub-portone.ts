import type { AuthModuleOptions } from '../../options/auth-module-options.js';
import {
  CLIENT_NAME,
  GIVEN_OPTIONS,
  RESOLVED_OPTIONS,
} from '../../options/options.tokens.js';
import type { StubbedRequest } from './stubbed-request.js';

export type { StubbedRequest };

/** What replaces PortOne for one client. */
export interface StubbedClient {
  /**
   * Answers what is sent through `HttpService` or fetch: with `{ status, body }`, or with the body of a 200. On `HttpService`
   * a status of 400 or more rejects with an AxiosError, as PortOne's does. Left out: 501 to everything.
   */
  readonly respond?: (request: StubbedRequest) => unknown;
  /** The permissions in our own token. Default: all of PortOne's sample token. `[]` denies every guarded route. */
  readonly permissions?: readonly string[];
  /** Further claims of our own token, or other ones. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** `true`: no token can be had, callers get TokenUnavailableError, and guarded routes answer 503. */
  readonly unavailable?: boolean;
  /** Options of `AuthModule` that the test is about, such as `permissions`; those of the app are not asked. */
  readonly options?: Partial<AuthModuleOptions>;
}

/** What replaces PortOne: for every client, and by the name of a client where one differs. */
export interface StubbedPortOne extends StubbedClient {
  /** By the name of a client, what differs from the rest. */
  readonly clients?: Readonly<Record<string, StubbedClient>>;
}

/** The part of `TestingModuleBuilder` (@nestjs/testing) that is used. */
export interface StubbedModule {
  /** Puts another provider in the place of one of the module's. */
  overrideProvider(token: symbol): {
    /** The provider to put there. */
    useFactory(options: {
      factory: (...args: string[]) => unknown;
      inject?: symbol[];
    }): unknown;
  };
}

/**
 * Takes PortOne out of a testing module, for tests of an app's own code: no secret is asked for, nothing logs in, nothing is
 * sent. `TokenService`, `HttpService`, fetch, the guards and their named counterparts are the real ones, with a token made up
 * for the test; a 401 that `respond` gives is renewed, replayed once, and stays a 401.
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
  // The factory of the app does not run: it would ask for a secret, which a test does not have.
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
