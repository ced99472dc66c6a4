import { AuthConfigurationError } from '../../errors/auth-configuration.error.js';
import { PathPattern } from '../api/path-pattern.js';
import { endpointOf, type EmulatedEndpoint } from '../emulator-options.js';

/** One group of endpoints, or `tokens` for login and refresh together. */
export type EndpointTarget = EmulatedEndpoint | 'tokens';

/** The methods of PortOne's API. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The requests that a fault or a delay is for: a group, a method, a path (with `:name` for parameters), or a method and a path. */
export type FaultTarget =
  EndpointTarget | HttpMethod | `/${string}` | `${HttpMethod} /${string}`;

/** One part of a target. A new fault or delay replaces an earlier one with the same key. */
export interface TargetPart {
  readonly key: string;
  matches(request: { method: string; url: string }): boolean;
}

const GROUPS: Readonly<Record<EndpointTarget, readonly EmulatedEndpoint[]>> = {
  login: ['login'],
  refresh: ['refresh'],
  tokens: ['login', 'refresh'],
  api: ['api'],
  jwks: ['jwks'],
};

/** The parts of a target. Throws AuthConfigurationError when the text is not a target. */
export function partsOf(target: FaultTarget): readonly TargetPart[] {
  if (Object.hasOwn(GROUPS, target)) {
    return GROUPS[target as EndpointTarget].map((group) => ({
      key: group,
      matches: ({ url }) => endpointOf(url) === group,
    }));
  }
  const [, method, path] =
    /^(GET|POST|PUT|PATCH|DELETE)?(?:(?:^| )(\/[^?#]*))?$/.exec(target) ?? [];
  if (method === undefined && path === undefined)
    throw new AuthConfigurationError([
      {
        field: 'target',
        message:
          'must be login, refresh, tokens, api, jwks, a method, a path such as /payments/:paymentId, or both: POST /payments/:paymentId/cancel',
      },
    ]);
  const pattern = path === undefined ? undefined : new PathPattern(path);
  return [
    {
      key: target,
      matches: (request) =>
        (method === undefined || method === request.method) &&
        (pattern === undefined ||
          pattern.match(request.url.split('?', 1)[0] ?? '') !== undefined),
    },
  ];
}
