import { describe, expect, it } from '@jest/globals';
import {
  lifetimeOf,
  refreshLifetimeOf,
} from '../../../lib/token/life/lifetime.js';

const claims = { iat: 1_000_000, exp: 1_001_800 };
const at = (seconds: number) => ({ claims, answeredAt: seconds * 1000 });

describe('The lifetime of a token', () => {
  it('is exp - iat less the second that iat is cut by', () => {
    expect(lifetimeOf({ claims })).toEqual({
      ms: 1_799_000,
      isDateIgnored: false,
    });
    expect(lifetimeOf(at(claims.iat))?.ms).toBe(1_799_000);
  });

  it('is what the Date of the answer leaves of a token that was issued earlier', () => {
    expect(lifetimeOf(at(claims.iat + 600))).toEqual({
      ms: 1_199_000,
      isDateIgnored: false,
    });
  });

  it('does not grow by a Date before iat', () => {
    expect(lifetimeOf(at(claims.iat - 600))?.ms).toBe(1_799_000);
  });

  it.each([0, 1])(
    'ignores a Date that would leave nothing (%i s before exp)',
    (seconds) => {
      expect(lifetimeOf(at(claims.exp - seconds))).toEqual({
        ms: 1_799_000,
        isDateIgnored: true,
      });
    },
  );

  it.each([0, 1])('is none when exp is %i s after iat', (seconds) => {
    const short = { iat: 5, exp: 5 + seconds };
    expect(lifetimeOf({ claims: short })).toBeUndefined();
  });
});

describe('A refresh token', () => {
  it('is of use until the second before its own expiry', () => {
    expect(refreshLifetimeOf({ refreshClaims: claims })).toBe(1_799_000);
  });
});
