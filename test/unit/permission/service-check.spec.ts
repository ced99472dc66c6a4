import { describe, expect, it } from '@jest/globals';
import type { PermissionExpression } from '../../../lib/index.js';
import type { ClientPermissions } from '../../../lib/permission/client-permissions.js';
import { ServiceCheck } from '../../../lib/permission/check/service.check.js';
import {
  isGranted,
  missingPermissions,
} from '../../../lib/portone/permission-expression.js';

const checkOf = (expression: unknown): ServiceCheck => {
  const tokens = {
    getAccessToken: () => Promise.resolve('token'),
    hasPermission: (part: PermissionExpression) => isGranted(['A'], part),
    missingPermissions: (part: PermissionExpression) =>
      missingPermissions(['A'], part),
  };
  const expressions = [expression as PermissionExpression];
  return new ServiceCheck({ tokens } as unknown as ClientPermissions, [
    { client: undefined, source: undefined, expressions },
  ]);
};

describe('ServiceCheck', () => {
  // Another copy of this package may have written an expression that the decorator of this copy rejects.
  it.each([
    [{ allOf: [] }],
    [{ anyOf: [] }],
    [{ allOf: ['A'], anyOf: ['B'] }],
    [undefined],
  ])(
    'denies a malformed expression, with and without waiting: %j',
    async (malformed) => {
      const check = checkOf(malformed);
      expect(check.passAtOnce()).toBeUndefined();
      await expect(check.pass()).rejects.toMatchObject({
        code: 'PORTONE_SERVICE_PERMISSION_MISSING',
        reason: 'our own token lacks a permission',
      });
    },
  );

  it('says which permissions are missing', async () => {
    const check = checkOf({ allOf: ['A', 'B', 'C'] });
    await expect(check.pass()).rejects.toMatchObject({
      reason: 'our own token lacks B, C',
    });
    await expect(checkOf('A').pass()).resolves.toBeDefined();
  });
});
