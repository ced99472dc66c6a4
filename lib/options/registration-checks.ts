import {
  AuthConfigurationError,
  type ConfigurationProblem,
} from '../errors/index.js';
import { nearest } from '../errors/nearest-name.js';
import { DEFAULT_CLIENT } from '../token/token-service.token.js';

export const badRegistration = (field: string, message: string) =>
  new AuthConfigurationError([{ field, message }]);

const isFunction = (value: unknown) => typeof value === 'function';

/** What a field of `forRootAsync` must be; undefined: anything. */
const ASYNC_FIELDS = new Map<
  string,
  [is: (value: unknown) => boolean, text: string] | undefined
>([
  ['isGlobal', undefined],
  ['name', undefined],
  ['imports', [Array.isArray, 'must be a list of modules']],
  ['inject', [Array.isArray, 'must be a list of injection tokens']],
  ['useFactory', [isFunction, 'must be a function that returns the options']],
  [
    'useClass',
    [isFunction, 'must be a class with the method createAuthOptions()'],
  ],
  ['useExisting', undefined],
]);

/** An option beside the factory would be ignored silently, and so would a misspelt field. */
export function checkAsyncFields(options: object): void {
  const problems = Object.entries(options).flatMap(([field, value]) => {
    if (!ASYNC_FIELDS.has(field))
      return [{ field, message: unknownBesideFactory(field) }];
    const [is, message] = ASYNC_FIELDS.get(field) ?? [];
    return value === undefined || !message || is!(value)
      ? []
      : [{ field, message }];
  });
  if (problems.length > 0) throw new AuthConfigurationError(problems);
}

function unknownBesideFactory(name: string): string {
  const meant = nearest(name, [...ASYNC_FIELDS.keys()]);
  return meant === undefined
    ? 'does not belong beside useFactory, but in the options that it returns'
    : `is not a field of forRootAsync; did you mean \`${meant}\`?`;
}

/** Throws {@link AuthConfigurationError} for a wrong `name` or `isGlobal`. */
export function checkExtras({
  isGlobal = false,
  name = DEFAULT_CLIENT,
}: {
  readonly isGlobal?: unknown;
  readonly name?: unknown;
}): void {
  const problems: ConfigurationProblem[] = [];
  if (typeof name !== 'string' || name.trim() === '') {
    const message =
      'must be a text that is not empty; leave it out for the default client';
    problems.push({ field: 'name', message });
  }
  if (typeof isGlobal !== 'boolean')
    problems.push({ field: 'isGlobal', message: 'must be true or false' });
  if (problems.length > 0) throw new AuthConfigurationError(problems);
}
