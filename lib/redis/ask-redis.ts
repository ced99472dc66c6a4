import { setTimeout as delay } from 'node:timers/promises';
import type { RedisConnection } from './redis-connection.js';
import { within } from './within.js';

const READINESS_POLL_MS = 10;

/** How long a command may take; only a wait that callers depend on keeps the process alive. */
export interface Patience {
  readonly ms: number;
  readonly isAwaited: boolean;
}

/**
 * Waits for the reply to a command, `patience.ms` at most, the time for the client to get ready included. Rejects when the
 * time is over, and with the client's error. A command that was sent may still run after that: then `whenGivenUp` is called
 * as soon as the command has ended.
 */
export async function askRedis(
  connection: RedisConnection,
  send: () => Promise<unknown>,
  { ms, isAwaited }: Patience,
  whenGivenUp?: () => void,
): Promise<unknown> {
  const deadline = performance.now() + ms;
  connection.wake();
  // A command sent earlier would wait in the client's queue, and take a lock that is no longer wanted.
  while (!connection.isReady()) {
    if (performance.now() >= deadline) throw new Error('Redis is not ready');
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
