import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { CreateAxiosDefaults } from 'axios';
import {
  AuthConfigurationError,
  type ConfigurationProblem,
} from '../errors/index.js';
import { ownOnly } from '../portone/own.js';
import { secretFault } from '../portone/secret-fault.js';
import type { ResolvedPermissions } from '../permission/resolved-permissions.js';
import { SecretSource } from '../token/renewal/secret-source.js';
import type { TokenStore } from '../store/token-store.js';
import type { RenewalOptions } from '../token/token-service-options.js';
import type { AuthModuleOptions } from './auth-module-options.js';
import { AuthModuleOptionsDto } from './auth-module-options.dto.js';
import { givenFields, isGroup, unknownFields } from './given-fields.js';
import {
  permissionProblems,
  plainPermissions,
  resolvePermissions,
} from './resolve-permissions.js';

/** The options of one client as the rest of the package sees them: checked, complete, frozen. */
export interface ResolvedAuthOptions {
  readonly client: string;
  readonly apiSecret: SecretSource;
  readonly baseURL: string;
  readonly allowedOrigins: readonly string[];
  readonly http: CreateAxiosDefaults;
  readonly tokenTimeout: number;
  readonly eager: boolean;
  readonly renewal: RenewalOptions;
  readonly permissions: ResolvedPermissions;
  /** Left out: in memory. */
  readonly store?: TokenStore;
}

const FIELDS = [
  'apiSecret',
  'baseURL',
  'allowedOrigins',
  'http',
  'tokenTimeout',
  'eager',
  'renewal',
  'store',
  'permissions',
];

const RENEWAL_FIELDS = ['strategy', 'background', 'at', 'jitter', 'backoff'];
const BACKOFF_FIELDS = ['initial', 'max'];

/** Fills in the defaults and checks everything at once. Throws {@link AuthConfigurationError} that names every bad field. */
export function resolveOptions(
  given: AuthModuleOptions,
  client: string,
): ResolvedAuthOptions {
  if (typeof given !== 'object' || given === null) {
    throw new AuthConfigurationError([
      { field: 'options', message: 'must be an object with an apiSecret' },
    ]);
  }
  const options = givenFields(given);
  const { apiSecret, store, permissions = {} } = options;
  const http = givenFields(options.http);
  const plain = withDefaults(options);
  const problems = [
    ...unknownFields(given, FIELDS),
    ...groupProblems(options),
    ...secretProblems(apiSecret),
    ...httpProblems(http),
    ...storeProblems(store),
    ...validateSync(plainToInstance(AuthModuleOptionsDto, plain)).flatMap(
      (error) => describe(error),
    ),
    ...timingProblems(plain.renewal),
    ...permissionProblems(permissions),
  ];
  if (problems.length > 0) throw new AuthConfigurationError(problems);
  return Object.freeze({
    client,
    apiSecret: new SecretSource(apiSecret),
    ...plain,
    permissions: resolvePermissions(permissions),
    ...(store && { store }),
    http: ownOnly({ timeout: 60_000, maxRedirects: 0, ...http }),
  });
}

function withDefaults({
  baseURL = 'https://api.portone.io',
  allowedOrigins = [],
  tokenTimeout = 10_000,
  eager = true,
  permissions = {},
  renewal,
}: AuthModuleOptions) {
  const {
    strategy = 'auto',
    background = true,
    at = 0.8,
    jitter = 0.05,
    backoff,
  } = givenFields(renewal);
  const { initial = 1_000, max = 60_000 } = givenFields(backoff);
  return {
    baseURL,
    allowedOrigins,
    tokenTimeout,
    eager,
    permissions: plainPermissions(permissions),
    renewal: { strategy, background, at, jitter, backoff: { initial, max } },
  };
}

/** What stands where further options belong. */
function groupProblems({
  http,
  renewal,
  permissions,
}: AuthModuleOptions): ConfigurationProblem[] {
  const { backoff } = givenFields(renewal);
  const groups = { http, renewal, permissions, 'renewal.backoff': backoff };
  return [
    ...Object.entries(groups)
      .filter(([, group]) => group !== undefined && !isGroup(group))
      .map(([field]) => ({ field, message: 'must be an object' })),
    ...unknownFields(renewal, RENEWAL_FIELDS, 'renewal.'),
    ...unknownFields(backoff, BACKOFF_FIELDS, 'renewal.backoff.'),
  ];
}

function secretProblems(secret: unknown): ConfigurationProblem[] {
  if (typeof secret === 'function') return [];
  if (typeof secret === 'string' && secret.trim() !== '') {
    const fault = secretFault(secret);
    if (!fault) return [];
    const message = `is not as PortOne's console shows it: ${fault}`;
    return [{ field: 'apiSecret', message }];
  }
  return [
    {
      field: 'apiSecret',
      message:
        'must be the V2 API secret of the PortOne console, or a function that returns it',
    },
  ];
}

function httpProblems(http: object): ConfigurationProblem[] {
  const problems = ['baseURL', 'auth']
    .filter((field) => field in http)
    .map((field) => ({
      field: `http.${field}`,
      message: 'does not belong here; the module sets it',
    }));
  const headers = 'headers' in http ? http.headers : undefined;
  if (mentionsAuthorization(headers)) {
    problems.push({
      field: 'http.headers',
      message: 'must not set Authorization; the module does',
    });
  }
  return problems;
}

/** By structure: a store may come from another copy of this package. */
function storeProblems(store: unknown): ConfigurationProblem[] {
  const methods = (store ?? {}) as Partial<Record<string, unknown>>;
  const isStore =
    typeof methods['load'] === 'function' &&
    typeof methods['update'] === 'function';
  return store === undefined || isStore
    ? []
    : [
        {
          field: 'store',
          message: 'must be a TokenStore, such as new RedisTokenStore(client)',
        },
      ];
}

/** axios takes headers flat, or in groups such as `common` and `post`. */
const mentionsAuthorization = (headers: unknown): boolean =>
  typeof headers === 'object' &&
  headers !== null &&
  Object.entries(headers).some(
    ([name, value]) =>
      name.toLowerCase() === 'authorization' || mentionsAuthorization(value),
  );

function timingProblems(
  renewal: Pick<RenewalOptions, 'at' | 'jitter' | 'backoff'>,
): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  if (renewal.at + renewal.jitter > 1)
    problems.push({
      field: 'renewal.jitter',
      message: 'at + jitter must be at most 1',
    });
  if (renewal.backoff.initial > renewal.backoff.max)
    problems.push({
      field: 'renewal.backoff.max',
      message: 'must not be smaller than initial',
    });
  return problems;
}

function describe(error: ValidationError, parent = ''): ConfigurationProblem[] {
  const field = `${parent}${error.property.slice(1)}`;
  const [message] = Object.values(error.constraints ?? {});
  return [
    ...(message ? [{ field, message }] : []),
    ...(error.children ?? []).flatMap((child) => describe(child, `${field}.`)),
  ];
}
