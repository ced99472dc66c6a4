import type { CreateAxiosDefaults } from 'axios';
import { IsIn } from 'class-validator';
import { isBlank, secretFault } from '../portone/secret-fault.js';
import type { TokenStore } from '../store/token-store.js';
import type { ApiSecret } from '../token/renewal/secret-source.js';
import type { Telemetry } from '../token/report/telemetry.js';
import type { RenewalStrategy } from '../token/renewal/token-calls.js';
import {
  Flag,
  isGroup,
  Must,
  Option,
  OptionGroup,
  Required,
  Share,
  Whole,
} from './option.js';
import {
  PermissionsGroup,
  type PermissionsOptions,
} from './permissions-options.js';
import { originProblem, originsProblem } from './token-url.js';
import { WebhookGroup } from './webhook-options.js';

const DAY_MS = 86_400_000;

class BackoffGroup extends OptionGroup {
  /** The shortest wait, in ms. Default 1 000. */
  @Option(Whole('milliseconds', 1, DAY_MS))
  readonly initial: number = 1_000;

  /** The longest wait, in ms. Default 60 000. */
  @Option(Whole('milliseconds', 1, DAY_MS))
  readonly max: number = 60_000;
}

class RenewalGroup extends OptionGroup {
  /**
   * `auto` renews by refresh. It renews by login for a while after another process with the same secret has ended our refresh
   * token. Default `auto`.
   */
  @Option(
    IsIn(['auto', 'refresh', 'login'], {
      message: "must be 'auto', 'refresh' or 'login'",
    }),
  )
  readonly strategy: RenewalStrategy = 'auto';

  /** `false` for serverless: no timer; the token is renewed only when a call needs it. Default true. */
  @Option(Flag())
  readonly background: boolean = true;

  /** Renew after this share of the lifetime, 0.1 to 0.95. Default 0.8. */
  @Option(Share(0.1, 0.95))
  readonly at: number = 0.8;

  /** A random delay after `at`, up to this share of the lifetime, 0 to 0.5; `at + jitter` must be at most 1. Default 0.05. */
  @Option(Share(0, 0.5))
  readonly jitter: number = 0.05;

  /** Milliseconds to wait after failed renewals. Default `{ initial: 1_000, max: 60_000 }`. */
  @Option()
  readonly backoff = new BackoffGroup();
}

/** Every option of a client: its type, its default and its rule. Users write {@link AuthModuleOptions}. */
export class ClientOptions extends OptionGroup {
  /**
   * The V2 API secret, or a function that returns it. The function is called before every renewal, within `tokenTimeout`.
   * When it returns another value than before, the token is renewed by login at once.
   */
  @Required(Must(secretProblem))
  readonly apiSecret!: ApiSecret;

  /** An https origin, or plain http for a loopback host; no path, credentials, query or fragment. Default `https://api.portone.io`. */
  @Option(Must(originProblem))
  readonly baseURL: string = 'https://api.portone.io';

  /** Further origins that may receive the token; the same rule as for `baseURL`, and no `*`. Default none. */
  @Option(Must(originsProblem))
  readonly allowedOrigins: readonly string[] = [];

  /**
   * axios defaults of the API instance; its agents and `proxy` are used for token calls too. Default
   * `{ timeout: 60_000, maxRedirects: 0 }`. It must not contain `baseURL`, `auth`, `socketPath` or an Authorization header.
   */
  @Option(Must((http) => (isGroup(http) ? undefined : 'must be an object')))
  readonly http: Omit<CreateAxiosDefaults, 'baseURL' | 'auth' | 'socketPath'> =
    {};

  /** Milliseconds for one whole renewal: secret, refresh, login and bodies. Default 10 000. */
  @Option(Whole('milliseconds', 1, DAY_MS))
  readonly tokenTimeout: number = 10_000;

  /**
   * Get the first token in `onApplicationBootstrap`, waiting at most 3 s. A rejected secret, and a function that gives no secret,
   * stop the boot; an unreachable PortOne does not. Default true.
   */
  @Option(Flag())
  readonly eager: boolean = true;

  @Option()
  readonly renewal = new RenewalGroup();

  /** Where the tokens are kept. `RedisTokenStore` shares them between instances. Default: in the memory of this process. */
  @Option(Must(storeProblem))
  readonly store?: TokenStore;

  /** Receives traces and metrics, such as `new PortOneTelemetry()` of `nestjs-portone-auth/opentelemetry`. Default none. */
  @Option(Must(telemetryProblem))
  readonly telemetry?: Telemetry;

  @Option()
  readonly permissions = new PermissionsGroup();

  @Option()
  readonly webhook = new WebhookGroup();
}

/** How long the module waits after failed renewals; the wait doubles from `initial` to `max`. */
export interface BackoffOptions extends Partial<BackoffGroup> {}

/** When and how a token is renewed. */
export interface RenewalOptions extends Partial<Omit<RenewalGroup, 'backoff'>> {
  /** Milliseconds to wait after failed renewals. Default `{ initial: 1_000, max: 60_000 }`. */
  readonly backoff?: BackoffOptions;
}

/** The webhook options of a client. */
export interface WebhookSecretOptions extends Partial<WebhookGroup> {}

type Groups = 'renewal' | 'permissions' | 'webhook';

/** The options of one PortOne client. Only `apiSecret` is required. */
export interface AuthModuleOptions
  extends
    Pick<ClientOptions, 'apiSecret'>,
    Partial<Omit<ClientOptions, 'apiSecret' | Groups>> {
  /** When and how the token is renewed. */
  readonly renewal?: RenewalOptions;
  /** Defaults of `@RequirePermission`. Default: our own token is checked, and the log at boot lists routes it has no permission for. */
  readonly permissions?: PermissionsOptions;
  /** Defaults of `@PortOneWebhook()` of `nestjs-portone-auth/webhook`. Default none. */
  readonly webhook?: WebhookSecretOptions;
}

/** A class that creates the options, for `useClass` and `useExisting`. */
export interface AuthModuleOptionsFactory {
  /** Called once, when the client is made. */
  createAuthOptions(): AuthModuleOptions | Promise<AuthModuleOptions>;
}

const SECRET =
  'must be the V2 API secret of the PortOne console, or a function that returns it';

function secretProblem(secret: unknown): string | undefined {
  if (typeof secret === 'function') return undefined;
  const text = secret ?? 'undefined';
  if (typeof text !== 'string') return SECRET;
  if (isBlank(text))
    return `${SECRET}; it is ${text.trim() || 'empty'}: is the environment variable set, and loaded before it is read?`;
  const fault = secretFault(text);
  return fault && `is not as PortOne's console shows it: ${fault}`;
}

/** Looks at the methods only, because a store may come from another copy of this package. */
function storeProblem(store: unknown): string | undefined {
  const methods = Object(store) as Partial<Record<string, unknown>>;
  return typeof methods['load'] === 'function' &&
    typeof methods['update'] === 'function'
    ? undefined
    : 'must be a TokenStore, such as new RedisTokenStore(client)';
}

function telemetryProblem(telemetry: unknown): string | undefined {
  const methods = Object(telemetry) as Partial<Record<string, unknown>>;
  return typeof methods['client'] === 'function'
    ? undefined
    : 'must be a Telemetry, such as new PortOneTelemetry()';
}
