// Imported, because the environment of jsdom has no global setImmediate.
import { setImmediate } from 'node:timers';
import { unref } from '../time/timers.js';
import { NoAnswer } from './redis-errors.js';

/** Settles as the promise does, or rejects after `ms`. The timer keeps the process alive only if `isAwaited`. */
export async function within<T>(
  ms: number,
  promise: Promise<T>,
  isAwaited = false,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    // When the process was busy, Node runs due timers before it reads replies that have arrived. setImmediate lets it read them first.
    timer = setTimeout(setImmediate, ms, () =>
      reject(new NoAnswer('Redis did not answer in time')),
    );
    if (!isAwaited) unref(timer);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
