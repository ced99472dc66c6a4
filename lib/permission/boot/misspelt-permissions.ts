import { nearest } from '../../errors/nearest-name.js';
import { permissionNames } from '../../portone/permission-expression.js';
import { PERMISSION_NAMES } from '../../portone/permission-names.js';
import type { MethodInfo } from './guarded-handlers.js';

/** A documented name that differs by more letters, such as WRITE instead of READ, is probably another permission. */
const MAX_EDITS = 2;

/** The routes that require a permission which PortOne does not document, but which looks like a documented one. */
export const misspeltPermissions = (
  handlers: readonly MethodInfo[],
): string[] =>
  handlers.flatMap(({ route, requirements }) =>
    requirements
      .flatMap(({ expressions }) => expressions.flatMap(permissionNames))
      .flatMap((name) => {
        const meant = nearest(name, PERMISSION_NAMES, () => MAX_EDITS);
        return meant === undefined || meant === name
          ? []
          : [`${route} (${name}; did you mean ${meant}?)`];
      }),
  );
