import { setTimeout as delay } from 'node:timers/promises';
import type { RedisConnection } from './redis-connection.js';
import { within } from './within.js';

const READINESS_POLL_MS = 10;

/**
 * The reply to a command, waited for `patienceMs` at most; the time the client needs to get ready is part of it. Rejects
 * when it is over, and with what the client says. A command that was sent may run nevertheless: `whenGivenUp` comes after
 * it then.
 */
export async function askRedis(
  connection: RedisConnection,
  send: () => Promise<unknown>,
  patienceMs: number,
  whenGivenUp?: () => void,
): Promise<unknown> {
  const deadline = performance.now() + patienceMs;
  connection.wake();
  // Sent earlier it would wait in the client's queue, and take a lock when nobody wants it any more.
  while (!connection.isReady()) {
    if (performance.now() >= deadline) throw new Error('Redis is not ready');
    await delay(READINESS_POLL_MS, undefined, { ref: false });
  }
  const reply = send();
  try {
    return await within(deadline - performance.now(), reply);
  } catch (error) {
    if (whenGivenUp) reply.then(whenGivenUp, whenGivenUp);
    throw error;
  }
}
