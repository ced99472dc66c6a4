import type { CreateAxiosDefaults } from 'axios';
import {
  AuthConfigurationError,
  type ConfigurationProblem,
} from '../errors/index.js';
import { ownOnly } from '../portone/own.js';
import type { ResolvedPermissions } from '../permission/resolved-permissions.js';
import { SecretSource } from '../token/renewal/secret-source.js';
import type { TokenStore } from '../store/token-store.js';
import type { Telemetry } from '../token/report/telemetry.js';
import type { TokenServiceOptions } from '../token/token.service.js';
import type { WebhookSecret } from '../webhook/webhook-secret.js';
import {
  ClientOptions,
  type AuthModuleOptions,
} from './auth-module-options.js';
import { httpProblems } from './network-options.js';
import { isGroup, readGroup } from './option.js';
import { readPermissions } from './permissions-options.js';
import { EXTRAS } from './unknown-option.js';

/** The options of one client as the rest of the package sees them: checked, complete, frozen. */
export interface ResolvedAuthOptions {
  readonly client: string;
  readonly apiSecret: SecretSource;
  readonly baseURL: string;
  readonly allowedOrigins: readonly string[];
  readonly http: CreateAxiosDefaults;
  readonly tokenTimeout: number;
  readonly eager: boolean;
  readonly renewal: TokenServiceOptions['renewal'];
  readonly permissions: ResolvedPermissions;
  readonly webhook: { readonly secret?: WebhookSecret };
  /** Undefined: in memory. */
  readonly store?: TokenStore;
  readonly telemetry?: Telemetry;
}

/** Adds the defaults and checks everything at once. Throws {@link AuthConfigurationError} that names every bad field. */
export function resolveOptions(
  given: AuthModuleOptions,
  client: string,
  mayHaveExtras = false,
): ResolvedAuthOptions {
  if (!isGroup(given)) {
    throw new AuthConfigurationError([
      { field: 'options', message: 'must be an object with an apiSecret' },
    ]);
  }
  const { options, problems } = readGroup(ClientOptions, given);
  const { apiSecret, store, http, permissions: group, ...plain } = options;
  const { permissions, problems: ofPermissions } = readPermissions(group);
  const isRenewalGood = !problems.some(({ field }) =>
    field.startsWith('renewal.'),
  );
  const all = [
    ...problems.filter(
      ({ field }) => !mayHaveExtras || !EXTRAS.includes(field),
    ),
    ...httpProblems(http),
    ...(isRenewalGood ? timingProblems(plain.renewal) : []),
    ...ofPermissions,
  ];
  if (all.length > 0 || !permissions) throw new AuthConfigurationError(all);
  return Object.freeze({
    client,
    apiSecret: new SecretSource(apiSecret),
    ...plain,
    permissions,
    ...(store && { store }),
    http: ownOnly({
      timeout: 60_000,
      maxRedirects: 0,
      ...withoutUndefined(http),
    }),
  });
}

const withoutUndefined = (given: object): object =>
  Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );

/** Compares values, which must be good one by one. */
function timingProblems({
  at,
  jitter,
  backoff,
}: TokenServiceOptions['renewal']): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  if (at + jitter > 1)
    problems.push({
      field: 'renewal.jitter',
      message: 'at + jitter must be at most 1',
    });
  if (backoff.initial > backoff.max)
    problems.push({
      field: 'renewal.backoff.max',
      message: 'must not be smaller than initial',
    });
  return problems;
}
