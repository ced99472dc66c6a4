// Not the global one: the environment of jsdom has none.
import { setImmediate } from 'node:timers';
import { unref } from '../time/unref-scheduler.js';

/** What the promise gives, or a rejection when it has not settled in time. The timer keeps the process alive only if `isAwaited`. */
export async function within<T>(
  ms: number,
  promise: Promise<T>,
  isAwaited = false,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    // A process that was busy finds its timers due before it reads the answer that has long been there: let it read first.
    timer = setTimeout(setImmediate, ms, () =>
      reject(new Error('Redis did not answer in time')),
    );
    if (!isAwaited) unref(timer);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
