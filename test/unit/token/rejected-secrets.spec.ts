import { describe, expect, it, jest } from '@jest/globals';
import { RejectedSecrets } from '../../../lib/token/life/rejected-secrets.js';

describe('The secrets that PortOne rejected', () => {
  it('are remembered: the last eight', () => {
    const rejected = new RejectedSecrets<number>();
    for (let n = 1; n <= 1_000; n += 1) rejected.set(`secret-${n}`, n);
    expect(rejected.get('secret-992')).toBeUndefined();
    for (let n = 993; n <= 1_000; n += 1)
      expect(rejected.get(`secret-${n}`)).toBe(n);
  });

  it('are kept as hashes', () => {
    const set = jest.spyOn(Map.prototype, 'set');
    new RejectedSecrets().set('a-secret-canary', 1);
    const keys = set.mock.calls.map(([key]) => String(key));
    set.mockRestore();
    expect(keys.filter((key) => key.includes('canary'))).toEqual([]);
    expect(keys.some((key) => /^[\w+/]{43}=$/.test(key))).toBe(true);
  });

  it('are forgotten one by one, and all at once after a success', () => {
    const rejected = new RejectedSecrets<number>();
    rejected.set('a', 1);
    rejected.set('b', 2);
    rejected.delete('a');
    expect([rejected.get('a'), rejected.get('b')]).toEqual([undefined, 2]);
    rejected.clear();
    expect(rejected.get('b')).toBeUndefined();
  });
});
