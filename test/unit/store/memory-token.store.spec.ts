import { describe, expect, it } from '@jest/globals';
import { MemoryTokenStore } from '../../../lib/store/memory-token.store.js';
import type { Clock } from '../../../lib/time/clock.js';
import { tokenStoreConformance } from '../../../lib/testing/index.js';

const renewed = { sealed: 'first', expiresInMs: 1_000 };
const renewTo = (sealed: string) => async () => ({ ...renewed, sealed });

const clockAt = (now: () => number): Clock => ({
  now: () => ({ monotonic: now(), wall: now() }),
});

describe('MemoryTokenStore', () => {
  const store = new MemoryTokenStore();
  it.each(tokenStoreConformance(() => store))('$name', ({ run }) => run());

  it('is not shared', () => {
    expect(store.isShared).toBe(false);
  });

  it('keeps an expired record, because its refresh token may still be valid', async () => {
    let now = 0;
    const clocked = new MemoryTokenStore(clockAt(() => now));
    await clocked.update('key', 0, async () => renewed);
    now = 1_500;
    expect(await clocked.load('key')).toEqual({
      generation: 1,
      sealed: 'first',
      expiresInMs: -500,
    });
    const given: unknown[] = [];
    await clocked.update('key', 0, async (current) => {
      given.push(current?.sealed);
      return renewed;
    });
    expect(given).toEqual(['first']);
  });

  it('does not give a record in the millisecond in which it expires', async () => {
    let now = 0;
    const clocked = new MemoryTokenStore(clockAt(() => now));
    await clocked.update('key', 0, async () => renewed);
    now = renewed.expiresInMs;
    expect(await clocked.update('key', 0, renewTo('second'))).toMatchObject({
      sealed: 'second',
      generation: 2,
    });
  });

  it('renews a key again after a renewal that failed', async () => {
    const failing = store.update('again', 0, () =>
      Promise.reject(new Error('down')),
    );
    const next = store.update('again', 0, renewTo('second'));
    await expect(failing).rejects.toThrow('down');
    expect(await next).toMatchObject({ sealed: 'second', generation: 1 });
  });

  it('keeps nothing of a key whose renewals fail', async () => {
    const fail = () => Promise.reject(new Error('rejected'));
    const tryKeys = async (first: number, keys: number) => {
      for (let key = first; key < first + keys; key += 1)
        await store.update(`key-${key}`, 0, fail).catch(() => undefined);
      global.gc!();
      return process.memoryUsage().heapUsed;
    };
    const before = await tryKeys(0, 1_000);
    expect((await tryKeys(1_000, 20_000)) - before).toBeLessThan(1_000_000);
  });
});
