import { describe, expect, it } from '@jest/globals';
import {
  lifetimeOf,
  refreshLifetimeOf,
} from '../../../lib/token/life/lifetime.js';

const claims = { iat: 1_000_000, exp: 1_001_800 };
const at = (seconds: number) => ({ claims, answeredAt: seconds * 1000 });

describe('The lifetime of a token', () => {
  it('is exp - iat minus one second, because iat is cut to whole seconds', () => {
    expect(lifetimeOf({ claims })).toEqual({
      ms: 1_799_000,
      isDateIgnored: false,
    });
    expect(lifetimeOf(at(claims.iat))?.ms).toBe(1_799_000);
  });

  it('is exp minus the Date of the answer when the token was issued earlier', () => {
    expect(lifetimeOf(at(claims.iat + 600))).toEqual({
      ms: 1_199_000,
      isDateIgnored: false,
    });
  });

  it('is not longer when the Date is before iat', () => {
    expect(lifetimeOf(at(claims.iat - 600))?.ms).toBe(1_799_000);
  });

  it.each([0, 1])(
    'ignores a Date that would give no lifetime (%i s before exp)',
    (seconds) => {
      expect(lifetimeOf(at(claims.exp - seconds))).toEqual({
        ms: 1_799_000,
        isDateIgnored: true,
      });
    },
  );

  it.each([0, 1])('is undefined when exp is %i s after iat', (seconds) => {
    const short = { iat: 5, exp: 5 + seconds };
    expect(lifetimeOf({ claims: short })).toBeUndefined();
  });
});

describe('A refresh token', () => {
  it('can be used until one second before its expiry', () => {
    expect(refreshLifetimeOf({ refreshClaims: claims })).toBe(1_799_000);
  });
});
