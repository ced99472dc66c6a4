import type { ConfigurationProblem } from '../errors/index.js';
import { isGroup } from './option.js';

/** The settings in `http` that only the module may make, written in upper or lower case. */
export function httpProblems(http: unknown): ConfigurationProblem[] {
  if (!isGroup(http)) return [];
  const given = Object.entries(http).filter(([, value]) => value !== undefined);
  return given.flatMap(([name, value]) => {
    const field = `http.${name}`;
    switch (name.toLowerCase()) {
      case 'baseurl':
        return [{ field, message: 'does not belong here: set `baseURL`' }];
      case 'auth':
        return [{ field, message: 'does not belong here; the module sets it' }];
      case 'socketpath':
        return [
          {
            field,
            message:
              'does not belong here: a request over a socket is sent without the token; reach PortOne through a proxy or an agent',
          },
        ];
      case 'headers':
        return mentionsAuthorization(value)
          ? [{ field, message: 'must not set Authorization; the module does' }]
          : [];
      default:
        return [];
    }
  });
}

/** axios accepts headers directly, or in groups such as `common` and `post`. */
const mentionsAuthorization = (headers: unknown): boolean =>
  typeof headers === 'object' &&
  headers !== null &&
  Object.entries(headers).some(
    ([name, value]) =>
      name.toLowerCase() === 'authorization' || mentionsAuthorization(value),
  );
