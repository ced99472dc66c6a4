import { describe, expect, it } from '@jest/globals';
import { backoffDelay } from '../../../lib/token/life/renewal-backoff.js';

const options = { initial: 1_000, max: 60_000 };

describe('The wait after failed renewals', () => {
  it.each([
    [1, 2_000],
    [2, 4_000],
    [5, 32_000],
    [6, 60_000],
    [2_000, 60_000],
  ])(
    'is between 1 s and a ceiling (failure %i: %i ms)',
    (failures, ceiling) => {
      expect(backoffDelay(options, failures, () => 0)).toBe(1_000);
      expect(backoffDelay(options, failures, () => 1)).toBe(ceiling);
      expect(backoffDelay(options, failures, () => 0.5)).toBe(
        1_000 + (ceiling - 1_000) / 2,
      );
    },
  );
});
