// Imported, because the environment of jsdom has no global setImmediate.
import { setImmediate } from 'node:timers';
import { unref } from '../time/timers.js';

/** Settles as the promise, or rejects when the time is over. The timer keeps the process alive only if `isAwaited`. */
export async function within<T>(
  ms: number,
  promise: Promise<T>,
  isAwaited = false,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    // After a busy time, Node runs due timers before it reads answers that have arrived. So one turn is left to read them.
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
