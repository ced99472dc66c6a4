import { contradiction, writeRule } from './write-rule.js';

/**
 * On a handler it lifts what its class requires; on a class, what its base class requires. The nearer word wins.
 *
 * @throws AuthConfigurationError at decoration, beside `@RequirePermission`
 */
export const SkipPermissionCheck = (): ClassDecorator & MethodDecorator =>
  writeRule((rule) => {
    if (Array.isArray(rule)) throw contradiction();
    return 'skip';
  });
