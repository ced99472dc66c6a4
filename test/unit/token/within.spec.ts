import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { within } from '../../../lib/time/within.js';
import { VirtualTime } from '../../support/virtual-time.js';

const never = new Promise<never>(() => undefined);

describe('A wait with a limit', () => {
  it('ends when the signal is aborted, also before the wait', async () => {
    const { scheduler } = new VirtualTime();
    const { signal, abort } = abortable();
    const waiting = within(never, undefined, scheduler, { signal });
    abort();
    await expect(waiting).rejects.toThrow('enough');
    await expect(within(never, 1_000, scheduler, { signal })).rejects.toThrow(
      'enough',
    );
  });

  it('ends when the time is over, with the error of onTimeout', async () => {
    const time = new VirtualTime();
    const onTimeout = () => new Error('too late');
    const waiting = within(never, 1_000, time.scheduler, {
      onTimeout,
    });
    const ended = waiting.catch(String);
    await time.advance(1_000);
    expect(await ended).toContain('too late');
  });

  it.each([
    ['fulfilled', () => Promise.resolve('token')],
    ['rejected', () => Promise.reject(new Error('down'))],
  ])(
    'leaves no timer and no listener when the promise is %s',
    async (_, answer) => {
      const time = new VirtualTime();
      const { signal } = abortable();
      const waiting = within<string>(answer(), 1_000, time.scheduler, {
        signal,
      });
      await Promise.allSettled([waiting]);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
      expect(time.nextDueIn).toBeUndefined();
    },
  );
});

function abortable() {
  const controller = new AbortController();
  const abort = () => controller.abort(new Error('enough'));
  return { signal: controller.signal, abort };
}
