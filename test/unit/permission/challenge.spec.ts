import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  challenge,
  DENIALS,
} from '../../../lib/permission/denial/permission-denied.exception.js';

describe('A challenge', () => {
  it('stays well-formed with any names of permissions', () => {
    const denial = DENIALS.PORTONE_INSUFFICIENT_PERMISSION;
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (names) => {
        expect(challenge(denial, ['TX_READ', ...names])).toMatch(
          /^Bearer realm="portone", error="insufficient_scope", error_description="[\w .]+", scope="TX_READ[\x21\x23-\x5b\x5d-\x7e ]*"$/,
        );
      }),
    );
  });

  it('has texts without characters that need escaping', () => {
    for (const { message } of Object.values(DENIALS)) {
      expect(message).toMatch(/^[\w .]+$/);
    }
  });
});
