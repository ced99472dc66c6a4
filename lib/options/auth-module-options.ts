import type { CreateAxiosDefaults } from 'axios';
import type { TokenStore } from '../store/token-store.js';
import type { ApiSecret } from '../token/renewal/secret-source.js';
import type { BackoffOptions } from '../token/life/renewal-backoff.js';
import type { RenewalStrategy } from '../token/renewal/token-calls.js';
import type { PermissionsOptions } from './permissions-options.js';

/** What an app tells about one PortOne client. Only `apiSecret` is required. */
export interface AuthModuleOptions {
  /**
   * The V2 API secret, or a function that finds it; the function is asked before every renewal, within `tokenTimeout`,
   * and a changed value renews by login at once.
   */
  readonly apiSecret: ApiSecret;
  /** https, or plain http for a loopback host; no credentials, query or fragment. Default `https://api.portone.io`. */
  readonly baseURL?: string;
  /** Further origins that may receive the token; the same rule as for `baseURL`. Default none. */
  readonly allowedOrigins?: readonly string[];
  /**
   * axios defaults of the API instance; its agents and `proxy` serve token calls too. Default
   * `{ timeout: 60_000, maxRedirects: 0 }`. `baseURL`, `auth` or an Authorization header in here is refused.
   */
  readonly http?: Omit<CreateAxiosDefaults, 'baseURL' | 'auth'>;
  /** Milliseconds for one whole renewal: secret, refresh, login and bodies. Default 10 000. */
  readonly tokenTimeout?: number;
  /**
   * Get the first token in `onModuleInit`, waiting at most 3 s. A rejected secret stops the boot, an unreachable
   * PortOne does not. Default true.
   */
  readonly eager?: boolean;
  readonly renewal?: {
    /** `auto` refreshes, and logs in for a while when another process keeps killing the refresh token. Default `auto`. */
    readonly strategy?: RenewalStrategy;
    /** `false` for serverless: no timer, a renewal only when a call needs it. Default true. */
    readonly background?: boolean;
    /** Renew after this share of the lifetime, 0.1 to 0.95. Default 0.8. */
    readonly at?: number;
    /** Plus a random part of this share, 0 to 0.5; `at + jitter` at most 1. Default 0.05. */
    readonly jitter?: number;
    /** Milliseconds to wait after failed renewals. Default `{ initial: 1_000, max: 60_000 }`. */
    readonly backoff?: Partial<BackoffOptions>;
  };
  /** Shares one chain of tokens between instances, such as `RedisTokenStore`. Default: in memory, for this process alone. */
  readonly store?: TokenStore;
  /** What `@RequirePermission` checks. Default: our own token, and a log entry at boot about routes it cannot serve. */
  readonly permissions?: PermissionsOptions;
}

/** Makes options in a class, for `useClass` and `useExisting`. */
export interface AuthModuleOptionsFactory {
  createAuthOptions(): AuthModuleOptions | Promise<AuthModuleOptions>;
}
