import { setTimeout as delay } from 'node:timers/promises';
import type { RedisConnection } from './redis-connection.js';
import { NoAnswer } from './redis-errors.js';
import { within } from './within.js';

const READINESS_POLL_MS = 10;

/** How long to wait for Redis. */
export interface Patience {
  readonly ms: number;
  /** Whether callers depend on the reply. Only then does the wait keep the process alive. */
  readonly isAwaited: boolean;
}

/**
 * Sends a command and waits for its reply. The limit `patience.ms` includes the time until the client is ready. Rejects with
 * the client's error, or when the time is over. Redis may still run a command that was sent; `whenGivenUp` is called when that
 * command has ended.
 */
export async function askRedis(
  connection: RedisConnection,
  send: () => Promise<unknown>,
  { ms, isAwaited }: Patience,
  whenGivenUp?: () => void,
): Promise<unknown> {
  const deadline = performance.now() + ms;
  connection.wake();
  // A command sent before the client is ready waits in the client's queue. It could later take a lock that is no longer wanted.
  while (!connection.isReady()) {
    if (performance.now() >= deadline) throw new NoAnswer('Redis is not ready');
    await delay(READINESS_POLL_MS, undefined, { ref: isAwaited });
  }
  const reply = send();
  try {
    return await within(deadline - performance.now(), reply, isAwaited);
  } catch (error) {
    if (whenGivenUp) reply.then(whenGivenUp, whenGivenUp);
    throw error;
  }
}
