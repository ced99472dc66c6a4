import {
  AuthConfigurationError,
  type AuthModuleOptions,
} from '../../../lib/index.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';

export const apiSecret = 'kA9mQ2xZ-canary-of-a-secret';

/** The message for each bad field. */
export const problemsOf = (options: object): Record<string, string> => {
  try {
    resolveOptions(options as AuthModuleOptions, 'default');
    return {};
  } catch (error) {
    const { problems } = error as AuthConfigurationError;
    return Object.fromEntries(
      problems.map(({ field, message }) => [field, message]),
    );
  }
};
